"""What action items tell the rooms above them."""

from django.dispatch import Signal

# Sent inside the transaction that changed it, with `action`, `fields` (the names of the fields that differ now)
# and `by` (nobody where a tracker did it). Not sent as an item is added.
action_changed = Signal()
