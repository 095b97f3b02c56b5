"""Tokens and secrets of trackers: in the environment, under names made of the connection's code.

Not in the database, so that no dump, replica, export or log holds what opens somebody else's tracker.
"""

import os


def token_variable(code: str) -> str:
    """DEBRIEF_TRACKER_GITHUB_TOKEN for "github"."""
    return f"DEBRIEF_TRACKER_{code.upper().replace('-', '_')}_TOKEN"


def secret_variable(code: str) -> str:
    """DEBRIEF_TRACKER_GITHUB_SECRET for "github"."""
    return f"DEBRIEF_TRACKER_{code.upper().replace('-', '_')}_SECRET"


def token(code: str) -> str:
    """With which Debrief asks; empty where none is set."""
    return os.environ.get(token_variable(code), "").strip()


def secret(code: str) -> str:
    """With which the tracker signs its webhooks; empty where none is set."""
    return os.environ.get(secret_variable(code), "").strip()
