"""The slug of a service, made from its name."""

import re

from django.utils.text import slugify


def service_slug(name: str) -> str:
    """Words parted by hyphens where the name parts them by any sign: "docs.rs" is docs-rs. '' if ASCII cannot tell."""
    return slugify(re.sub(r"[^\w\s]+", "-", name).replace("_", "-")).strip("-")
