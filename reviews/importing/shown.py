"""Pictures and files that a write-up shows and that lie beside it: they become attachments, and its texts say so."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from core.text import storable
from reviews.importing.document import ParsedReview
from reviews.importing.files import Files, beside, is_write_up
from reviews.importing.whys import every_why
from reviews.portable.files import Prepared, prepare_file

_SHOWN = re.compile(r"(!?)\[((?:[^\[\]\\\n]|\\.){0,400})\]\(<?([^()\s<>]{1,600})>?((?:\s+\"[^\"\n]{0,200}\")?)\)")
_MOST = 300  # of one write-up
_MOST_TOLD = 10


@dataclass
class _Shown:
    name: str
    files: Files
    found: dict[str, Prepared | None] = field(default_factory=dict)
    by_content: dict[tuple[str, str], Prepared] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def in_text(self, text: str) -> str:
        return _SHOWN.sub(self._one, text) if "](" in text else text

    def _one(self, mention: re.Match[str]) -> str:
        sign, words, address, title = mention.groups()
        path = beside(self.name, address)
        if path is None or (not sign and is_write_up(path)):
            return mention[0]
        if path not in self.found and len(self.found) < _MOST:
            self.found[path] = self._prepare(path, is_picture=bool(sign))
        prepared = self.found.get(path)
        if prepared is None:
            return mention[0]
        picture = "!" if sign and prepared.attachment.is_picture else ""
        return f"{picture}[{words}]({prepared.attachment.get_absolute_url()}{title})"

    def _prepare(self, path: str, *, is_picture: bool) -> Prepared | None:
        content = self.files(path)
        if content is None:
            if is_picture:
                self.problems.append(f"The picture {storable(path)} is not beside it.")
            return None
        try:
            prepared = prepare_file(path.rpartition("/")[2], content)
        except ValidationError as problem:
            self.problems += problem.messages
            return None
        attachment = prepared.attachment
        return self.by_content.setdefault((attachment.sha256, attachment.name), prepared)


def take_files(parsed: ParsedReview, name: str, files: Files) -> list[Prepared]:
    """The files that `parsed`, read from the file `name`, shows; its texts lead to them from now on."""
    shown = _Shown(name, files)
    parsed.sections = {kind: shown.in_text(text) for kind, text in parsed.sections.items()}
    for event in parsed.events:
        event.text = shown.in_text(event.text)
    for action in parsed.actions:
        action.details = shown.in_text(action.details)
    for factor in parsed.factors:
        factor.text = shown.in_text(factor.text)
    for why in every_why(parsed.whys):
        why.answer = shown.in_text(why.answer)
    parsed.problems += shown.problems[:_MOST_TOLD]
    if len(shown.problems) > _MOST_TOLD:
        parsed.problems.append(f"{len(shown.problems) - _MOST_TOLD} more pictures are not beside it.")
    return list({id(one): one for one in shown.found.values() if one}.values())
