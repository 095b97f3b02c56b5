"""How long a review takes to read."""

from collections.abc import Iterator
from typing import Any

_WORDS_A_MINUTE = 220


def minutes_to_read(document: dict[str, Any]) -> int:
    """Minutes for all that a frozen review says, at the pace of an adult reading prose; 0 for less than two."""
    minutes = round(sum(len(text.split()) for text in _texts(document)) / _WORDS_A_MINUTE)
    return minutes if minutes > 1 else 0


def _texts(document: dict[str, Any]) -> Iterator[str]:
    for section in document["sections"].values():
        yield section["text"]
    for event in document["events"]:
        yield event["text"]
        for one in event.get("perspectives", ()):
            yield one["known"]
            yield one["sense"]
    waiting = [*document["whys"]]
    while waiting:
        why = waiting.pop()
        yield why["question"]
        yield why["answer"]
        waiting.extend(why["children"])
    for factor in document["factors"]:
        yield factor["text"]
    for action in document["actions"]:
        yield action["title"]
        yield action.get("done_when", "")
        yield action["details"]
