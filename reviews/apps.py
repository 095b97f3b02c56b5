"""The document."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Sections, five whys, factors, versions, publishing, import."""

    name = "reviews"
