"""What the document tells the rooms above it."""

from django.dispatch import Signal

# Sent inside the publishing transaction, with `version`: a reviews.models.Version.
version_published = Signal()
