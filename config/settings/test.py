"""Settings of the test suite: the real database and the real pages, with a quick password hasher."""

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
TRENDS_SECONDS = 0
ACCOUNT_RATE_LIMITS = False
# pytest-django's live server hands out static files only where it finds this very name.
INSTALLED_APPS = [
    "django.contrib.staticfiles" if name == "core.static_files.StaticFiles" else name
    for name in INSTALLED_APPS  # noqa: F405
]
