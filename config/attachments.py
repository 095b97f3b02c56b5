"""Where attachments are kept, as the environment says (docs/operations.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024


def attachment_storage(environment: Mapping[str, str], home: Path) -> dict[str, Any]:
    """Django's entry for STORAGES: an S3 bucket where DEBRIEF_S3_BUCKET names one, else a folder of `home`."""
    bucket = environment.get("DEBRIEF_S3_BUCKET", "")
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": home / "attachments", "directory_permissions_mode": 0o750},
        }
    # Half a second of imports that only an installation with S3 pays for.
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config

    endpoint = environment.get("DEBRIEF_S3_ENDPOINT") or None
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "region_name": environment.get("DEBRIEF_S3_REGION") or None,
            # An object without an ACL is private; buckets made since 2023 refuse requests that name one.
            "default_acl": None,
            "file_overwrite": True,  # keys are unique; asking first would cost a request and the right to list
            "max_memory_size": MEGABYTE,
            # One PUT or GET a file, whole or not at all.
            "transfer_config": TransferConfig(multipart_threshold=5000 * MEGABYTE, use_threads=False),
            "client_config": Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=20,
                retries={"max_attempts": 2, "mode": "standard"},
                # Most services besides AWS know buckets by path, and know nothing of its newest checksums.
                s3={"addressing_style": "path" if endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }


def most_bytes(environment: Mapping[str, str], name: str, default: int) -> int:
    """A limit that the environment gives in megabytes."""
    return int(environment.get(name) or default) * MEGABYTE
