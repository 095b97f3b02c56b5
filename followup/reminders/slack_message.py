"""A letter as Slack shows it."""

from typing import Any

from django.conf import settings

from core.slack import is_webhook
from followup.reminders.letter import Group, Letter, Line

MOST_CHARACTERS = 2900  # of the 3,000 that a section of Slack may have


def blocks_of(letter: Letter, foot: str) -> list[dict[str, Any]]:
    """The letter in Slack's blocks: a heading, a section for each group, a foot."""
    blocks: list[dict[str, Any]] = [_section(f"*{escaped(letter.subject)}*")]
    blocks += [_section(_group(group, letter.site)) for group in letter.groups]
    if letter.again:
        foot = f"Slack did not confirm this message when it was first sent: you may have it twice.\n{foot}"
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": foot}]})
    return blocks


def escaped(text: str) -> str:
    """Text in which nothing is a mention, a link or a sign of Slack's."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def webhook_problem(address: str) -> str:
    """What is wrong with the address of a webhook; empty where nothing is."""
    if is_webhook(address, settings.SLACK_API):
        return ""
    return "This is no webhook of Slack. It begins with https://hooks.slack.com/services/."


def _group(group: Group, site: str) -> str:
    lines = [f"*{escaped(group.title)}*"]
    length = len(lines[0])
    more = group.more
    for number, line in enumerate(group.lines):
        written = _line(line)
        if length + len(written) > MOST_CHARACTERS:
            more += len(group.lines) - number
            break
        lines.append(written)
        length += len(written) + 1
    if more:
        lines.append(f"<{site}/actions/|and {more:,} more>")
    return "\n".join(lines)


def _line(line: Line) -> str:
    who = f", {escaped(line.who)}" if line.who else ""
    title = escaped(line.title.replace("|", "¦"))
    return f"• <{line.url}|{title}>: {line.when}{who}"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
