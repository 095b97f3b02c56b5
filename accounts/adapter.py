"""How django-allauth treats local accounts here."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an incident review is for the organisation's own people."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Without a mail server the page stays calm, and the log tells the administrators."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as problem:
            log.error("No mail could be sent (%s): check EMAIL_HOST. It was for %s.", problem, email)
