"""How many requests one person's programs may send."""

import time
from collections import Counter
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

_MINUTE = 60


class PerMinute(BaseThrottle):
    """At most settings.API_PER_MINUTE requests of a person in each minute of the clock, all tokens and the session
    together. Each web process counts its own: a runaway program leaves room for others in all of them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._sent: Counter[int | None] = Counter()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request; whether it is within the limit."""
        minute = int(time.time()) // _MINUTE
        with self._lock:
            if minute != self._minute:
                self._minute, self._sent = minute, Counter()
            self._sent[request.user.pk] += 1
            return self._sent[request.user.pk] <= settings.API_PER_MINUTE

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return _MINUTE - time.time() % _MINUTE
