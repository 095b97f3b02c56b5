"""What the wiki tells the rooms above it."""

from django.dispatch import Signal

# Sent after published reviews were loaded in bulk, past `reviews.signals.version_published`.
reviews_loaded = Signal()
