"""People, roles and the one access rule."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who signs in, and who may see and change what."""

    name = "accounts"
    verbose_name = "People"
