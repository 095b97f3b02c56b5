"""Which files below static/ are served."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Leaves out what the editor's script is built from, and the API library's second viewer."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "src", "package*.json", "*.mjs", "redoc*"]
