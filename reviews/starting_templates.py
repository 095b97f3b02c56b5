"""The templates that come with Debrief, from the headings that teams know; their slugs are stable.

Where a heading that such a team knows has a part of its own here (timeline, whys, factors, actions, people), that part
is where it stands.
"""

from dataclasses import dataclass

SUMMARY, IMPACT, NARRATIVE = "summary", "impact", "narrative"
WENT_WELL, WENT_BADLY, LUCKY, LESSONS = "went_well", "went_badly", "lucky", "lessons"


@dataclass(frozen=True)
class StartingSection:
    """What a template says of one section; empty title or prompt: the usual one."""

    kind: str
    title: str = ""
    prompt: str = ""
    starter: str = ""


@dataclass(frozen=True)
class StartingTemplate:
    """One template as it is installed."""

    slug: str
    name: str
    about: str
    sections: list[StartingSection]


def _headings(*titles: str) -> str:
    return "\n\n".join(f"### {title}" for title in titles) + "\n"


DEFAULT = "debrief"

STARTING_TEMPLATES = [
    StartingTemplate(
        "debrief",
        "Debrief",
        "The parts of a review and nothing else; every section is blank.",
        [StartingSection(kind) for kind in (SUMMARY, IMPACT, NARRATIVE, WENT_WELL, WENT_BADLY, LUCKY, LESSONS)],
    ),
    StartingTemplate(
        "sre-book",
        "SRE book",
        "Trigger, detection and resolution told apart; lessons in three lists; supporting information at the end.",
        [
            StartingSection(
                SUMMARY, prompt="Two or three sentences: what failed, from when to when, and what ended it."
            ),
            StartingSection(
                IMPACT, prompt="Counted where it can be: requests failed, people affected, revenue or data lost."
            ),
            StartingSection(
                NARRATIVE,
                "Trigger, detection and resolution",
                "What set it off, how it came to our notice, and what was done until it was over. "
                "Root causes belong into the five whys and the factors below.",
                _headings("Trigger", "Detection", "Resolution"),
            ),
            StartingSection(WENT_WELL, prompt="Lessons learned, first list: what worked as it should."),
            StartingSection(
                WENT_BADLY, "What went wrong", "Lessons learned, second list: what did not work, or was not there."
            ),
            StartingSection(
                LUCKY, prompt="Lessons learned, third list: what kept it from being worse, by chance alone."
            ),
            StartingSection(
                LESSONS,
                "Lessons learned and supporting information",
                "What others should know, and where to look closer: dashboards, logs, changes, earlier reviews.",
                _headings("Lessons learned", "Supporting information"),
            ),
        ],
    ),
    StartingTemplate(
        "pagerduty",
        "PagerDuty",
        "Overview, what happened, resolution, how we did, and what was said to customers.",
        [
            StartingSection(SUMMARY, "Overview", "A short paragraph for somebody who reads nothing else."),
            StartingSection(
                NARRATIVE,
                "What happened and resolution",
                "The course of events, then what brought the service back and how we know that it is healthy. "
                "Responders stand among the people, contributing factors in their own part.",
                _headings("What happened", "Resolution"),
            ),
            StartingSection(
                IMPACT, prompt="For each kind of user: what they could not do, how many they were, for how long."
            ),
            StartingSection(WENT_WELL, "How we did: what went well", "What to do again the same way."),
            StartingSection(
                WENT_BADLY, "How we did: what did not go so well", "What slowed us down or hid the problem."
            ),
            StartingSection(
                LESSONS,
                "Messaging",
                "What was told to whom while it lasted, and what should be told now.",
                _headings("Internal messages", "External messages"),
            ),
        ],
    ),
    StartingTemplate(
        "howie",
        "Howie",
        "A story with its sources, themes to talk about, what enabled it, what softened it, risks and follow-ups.",
        [
            StartingSection(
                SUMMARY, prompt="What is this about, and why is it worth an hour of somebody who was not there?"
            ),
            StartingSection(
                NARRATIVE,
                "Narrative",
                "The story from several points of view, with what each person saw and took it to mean at the time. "
                "Name the sources: interviews, chat, graphs.",
                _headings("Narrative", "Sources"),
            ),
            StartingSection(IMPACT, prompt="What it meant for users and for the people who handled it."),
            StartingSection(
                WENT_BADLY,
                "Contributors and enablers",
                "What made it possible or harder: pressures, habits, missing signals, surprising interactions. "
                "Each that can be changed becomes a contributing factor as well.",
            ),
            StartingSection(
                WENT_WELL, "Mitigators", "What kept it smaller: skill, tools, design, somebody who happened to know."
            ),
            StartingSection(LUCKY, "Risks", "What is still out there and could line up again, in this or another way."),
            StartingSection(
                LESSONS,
                "Themes and follow-ups",
                "Questions and patterns worth talking about; what to look into next, beside the action items.",
                _headings("Themes", "Follow-ups"),
            ),
        ],
    ),
    StartingTemplate(
        "etsy",
        "Etsy style",
        "Short: what it was, who felt it, and what we learned; the timeline and the remediation items carry the rest.",
        [
            StartingSection(
                SUMMARY, prompt="Plain words: what broke, who noticed, how the status page and the truth differed."
            ),
            StartingSection(IMPACT, prompt="What users and colleagues could not do between start and end."),
            StartingSection(
                NARRATIVE,
                "Background, images and channels",
                "What one must know to follow the timeline; graphs as images; the chat channels where it was handled. "
                "Start, detection and end are facts, remediation items are action items, tags are tags.",
                _headings("Background", "Images", "Channels"),
            ),
            StartingSection(LESSONS, prompt="What surprised us, and what we know about our systems now."),
        ],
    ),
]
