"""What can go wrong with a tracker, in words for people."""


class Trouble(Exception):
    """Something did not work; `str()` says what. `wait` is how many seconds the tracker asked to be left alone."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Unreachable(Trouble):
    """It did not answer, too late, or with an error of its own."""


class Limited(Trouble):
    """It asks to be left alone for a while."""


class Denied(Trouble):
    """The owner of the token may not do this."""


class BadToken(Trouble):
    """It does not take the token."""


class Gone(Trouble):
    """There is no such issue or project, or the token may not see it: trackers do not say which."""


class Refused(Trouble):
    """It understood, and will not."""
