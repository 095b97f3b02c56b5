"""What a backup takes along of this room: attachments, and those that were removed and may still be brought back."""

from typing import Any

from django.dispatch import receiver

from core.backup.files import naming_files
from incidents.models import Deletion
from reviews.models import Attachment

_STORAGE = "attachments"


@receiver(naming_files)
def attachments(sender: Any, **_: Any) -> list[tuple[str, str]]:
    """The files that attachments name. Uploads that wait to be imported are not kept: they can be uploaded again."""
    names = list(Attachment.objects.order_by("pk").values_list("file", flat=True))
    removed = Deletion.objects.filter(kind="attachment", undone_at=None).exclude(data__rows=[])
    names += [one.data["rows"][0]["fields"]["file"] for one in removed]
    return [(_STORAGE, name) for name in names]
