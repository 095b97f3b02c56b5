"""What action items tell the rooms above them."""

from django.dispatch import Signal

# Sent inside the transaction that changed them, once for all that were changed together, with `actions`, `fields` (by
# the key of each, the names of what differs now) and `by` (nobody where a tracker did it). Not sent as one is added.
actions_changed = Signal()
