"""Reads one write-up into the parts of a review. Every word ends up in one; what fits nowhere, in the narrative."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from core.dates import numeric_order
from core.zone_words import Zone, parse_zone
from reviews.importing.actions import read_actions
from reviews.importing.cause_telling import CauseTexts
from reviews.importing.cause_words import stated_causes
from reviews.importing.decoding import decode_source
from reviews.importing.document import SECTION_KEYS, ParsedEvent, ParsedReview
from reviews.importing.events import common_zone_of
from reviews.importing.factors import read_factors
from reviews.importing.facts import Fact, facts_in
from reviews.importing.front_matter import FrontMatter, split_front_matter
from reviews.importing.harmed import hurt_in
from reviews.importing.headings import is_plain_alias
from reviews.importing.html.convert import as_markdown
from reviews.importing.html.tree import is_html
from reviews.importing.key_events import read_key_events
from reviews.importing.layout import without_tags
from reviews.importing.lines import Line, joined, read_lines
from reviews.importing.milestones import Milestones, from_facts, from_front_matter, from_prose, settle, tells_of_harm
from reviews.importing.naming import date_in_name, title_of
from reviews.importing.outline import Section, split_sections
from reviews.importing.plain import plain
from reviews.importing.references import carry_along, definitions_in
from reviews.importing.setting import ASSUMED, Setting, dates_in, stated_zone, year_in, zone_of_times
from reviews.importing.subjects import stated_services, stated_severity, told_services
from reviews.importing.timeline import Reading, read_timeline, timed_share
from reviews.importing.whys import every_why, read_whys

_MOST_PROBLEMS = 30
_OPENS_WITH_DAY = re.compile(r"(?:On|In|During|At|Around|Early|Late)\b[^.]{0,40}\d{4}\b")
_DATES = ("date", "start_time", "incident_date")
_PROSE = {"summary", "impact", "went_well", "went_badly", "lucky", "lessons"}
_TELLING = (None, "summary", "impact", "milestones", "facts")


def parse_review(content: bytes, name: str) -> ParsedReview:
    """Everything found in a file. UnreadableDocument, with a message for a person, when it holds no text."""
    text, problems = decode_source(content, name)
    if is_html(text):
        text = as_markdown(text)
    texts = text.split("\n")
    matter = split_front_matter(texts)
    lines = read_lines(texts[matter.lines :], first=matter.lines + 1)
    reading = _Reader(name, matter, lines)
    reading.review.problems = [*problems, *matter.problems]
    reading.read()
    review = reading.review
    review.problems = list(dict.fromkeys(review.problems))
    if len(review.problems) > _MOST_PROBLEMS:
        more = len(review.problems) - _MOST_PROBLEMS
        review.problems = [*review.problems[:_MOST_PROBLEMS], f"{more} more of this kind."]
    return review


@dataclass
class _Reader:
    """One pass over the sections of a write-up, in order."""

    name: str
    matter: FrontMatter
    lines: list[Line]
    review: ParsedReview = field(default_factory=ParsedReview)
    sections: list[Section] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    facts_of: dict[int, list[Fact]] = field(default_factory=dict)  # of each section
    parts: dict[str, list[str]] = field(default_factory=lambda: {key: [] for key in SECTION_KEYS})
    used: set[str] = field(default_factory=set)
    settings: dict[int, Setting] = field(default_factory=dict)  # of each section, with what the headings above it state
    told: list[ParsedEvent] = field(default_factory=list)  # events of full timelines, lists of key moments left out

    def read(self) -> None:
        """Fill the review."""
        self.sections = split_sections(self.lines)
        self.facts_of = {id(section): facts_in(section.body) for section in self.sections if section.part != "timeline"}
        self.facts = [fact for facts in self.facts_of.values() for fact in facts]
        review, matter = self.review, self.matter
        review.title, heading, title_lines = title_of(matter, self.sections, self.facts, self.name)
        self.used |= {"title"} if without_tags(plain(matter.text("title"))) == review.title else {"name"}
        setting = self._setting()
        found = Milestones()
        from_front_matter(matter, setting, found, self.used)
        self.settings = self._settings(setting)
        for section in self.sections:
            if section.part != "timeline":
                vague = section.level <= 1 or section.part in ("facts", "milestones", "summary", "impact")
                from_facts(self.facts_of[id(section)], self.settings[id(section)], found, vague=vague)
        if setting.day is None and (day := _stated_day(found)) is not None:
            setting = replace(setting, day=day)
            self.settings = self._settings(setting)
        self._spread(heading, title_lines)
        self._date(setting, found)
        self._name_the_rest()
        for key in SECTION_KEYS:
            review.sections[key] = joined(_single_blanks(self.parts[key]))
        carry_along(review, definitions_in(self.lines))

    # -- day, year and zone ---------------------------------------------------------------------------------

    def _setting(self) -> Setting:
        whole = "\n".join(line.text for line in self.lines if not line.opaque)
        setting = Setting(order=numeric_order(whole[:200_000]), zone=self._zone(whole))
        dated = next(
            (days[0] for key in _DATES if (days := dates_in(self.matter.text(key), setting))), self._day_of_name()
        )
        year = year_in(self.review.title) or (dated.year if dated else None) or year_in(whole[:3000])
        opening = [line.text[:400] for line in self.lines[:40] if not line.opaque and not line.text.startswith("#")]
        for text in (self.review.title, plain(" ".join(opening))):
            days = dates_in(text, replace(setting, year=year))
            if days:
                day = days[0] if dated is None or days[0] <= dated else _year_before(days[0])
                return replace(setting, day=day, year=day.year)
        return replace(setting, day=dated, year=year)

    def _day_of_name(self) -> date | None:
        found = date_in_name(self.name)
        try:
            return date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            return None

    def _settings(self, setting: Setting) -> dict[int, Setting]:
        """What each section's times are to be read with: a day in a heading holds for all below it."""
        stack: list[tuple[int, Setting]] = [(-1, setting)]
        settings = {}
        for section in self.sections:
            while section.level and len(stack) > 1 and stack[-1][0] >= section.level:
                stack.pop()
            current = stack[-1][1]
            if section.level and section.title != self.review.title:
                current = current.read(section.title, loose=section.part in ("timeline", "milestones"))
                stack.append((section.level, current))
            settings[id(section)] = current
        return settings

    def _zone(self, whole: str) -> Zone | None:
        stated = self.matter.text("timezone", "time_zone", "tz")
        stated = stated or next((f.value for f in self.facts if f.label in ("timezone", "time zone", "tz")), "")
        try:
            if stated:
                return parse_zone(stated.split(" (")[0], assume=ASSUMED)
        except ValueError:
            self.review.problems.append(f"“{stated[:40]}” is not a time zone we know; times were read as UTC.")
        for section in self.sections:
            if section.part in ("timeline", "milestones"):
                head = section.title + "\n" + "\n".join(line.text for line in section.body[:6] if len(line.text) < 200)
                if (zone := stated_zone(head)) is not None:
                    return zone
        return stated_zone(whole[:20000]) or zone_of_times(whole[:100_000])

    # -- sections -------------------------------------------------------------------------------------------

    def _spread(self, heading: Section | None, title_lines: list[int]) -> None:
        at = 0
        while at < len(self.sections):
            section = self.sections[at]
            group = [section]
            while at + len(group) < len(self.sections) and _belongs(section, self.sections[at + len(group)]):
                group.append(self.sections[at + len(group)])
            section.body = [line for line in section.body if line.number not in title_lines]
            if section is heading:
                section.heading = []
            self._take(section, group, self.settings[id(section)])
            at += len(group)

    def _take(self, section: Section, group: list[Section], setting: Setting) -> None:
        part = section.part
        if part in ("timeline", "milestones"):
            self._take_timeline(group, setting)
        elif part == "actions":
            self._take_actions(section, setting)
        elif part in ("factors", "root_cause"):
            self._take_factors(section)
        elif part == "whys":
            self._take_whys(section)
        elif part in _PROSE:
            self._take_prose(section, part or "summary")
        else:
            self._take_other(section, setting)

    def _take_timeline(self, group: list[Section], setting: Setting) -> None:
        first = group[0]
        lines = [line for n, section in enumerate(group) for line in ([] if n == 0 else section.heading) + section.body]
        reading = read_timeline(lines, setting)
        if first.part == "milestones" and self._has_fuller(first):
            self._keep(first, [line.text for line in lines])
            return
        if not reading.events:
            reading = read_key_events(lines, setting, reading.problems)
        else:
            self.told += reading.events
        self._keep_events(reading)
        self._keep(first, reading.left)

    def _has_fuller(self, section: Section) -> bool:
        """Whether another section tells the course more fully than a list of key moments does."""
        return any(
            other.part == "timeline" or (other.part is None and timed_share(other.body, Setting()) > 0)
            for other in self.sections
            if other is not section and other.part != "milestones"
        )

    def _keep_events(self, reading: Reading) -> None:
        self.review.events += reading.events
        self.review.problems += reading.problems

    def _take_actions(self, section: Section, setting: Setting) -> None:
        group = "" if section.starts_part and is_plain_alias(section.title) else section.title
        reading = read_actions(section.body, setting, "" if section.starts_part else group)
        self.review.actions += reading.actions
        self._keep(section, reading.left, always=bool(group) and (section.starts_part or not reading.actions))

    def _take_factors(self, section: Section) -> None:
        reading = read_factors(section.body, listed=section.part == "factors")
        self.review.factors += reading.factors
        self._keep(section, reading.left)

    def _take_whys(self, section: Section) -> None:
        whys, left = read_whys(section.body)
        self.review.whys += whys
        self._keep(section, left)

    def _take_prose(self, section: Section, part: str) -> None:
        texts = [line.text for line in section.body]
        if section.heading and not (section.starts_part and is_plain_alias(section.title)):
            texts = _headed(section, texts)
        self.parts[part] += ["", *texts]

    def _take_other(self, section: Section, setting: Setting) -> None:
        share = timed_share(section.body, setting)
        if share >= 3:
            reading = read_timeline(section.body, setting)
            if len(reading.events) >= 3:
                self.told += reading.events
                self._keep_events(reading)
                self._keep(section, reading.left)
                return
        self.parts["narrative"] += _headed(section, [line.text for line in section.body])

    def _keep(self, section: Section, left: list[str], *, always: bool = False) -> None:
        """Put what is left of a section into the narrative, under its heading."""
        words = any(text.strip() for text in left)
        telling = bool(section.heading) and not is_plain_alias(section.title)
        if words or always or telling:
            self.parts["narrative"] += _headed(section, left)

    # -- what the whole says --------------------------------------------------------------------------------

    def _date(self, setting: Setting, found: Milestones) -> None:
        review = self.review
        for rank, parts in ((3, ("summary", "impact")), (4, (None,))):
            for section in self.sections:
                if section.part in parts:
                    body = "\n".join(line.text for line in section.body if not line.opaque)
                    from_prose(plain_paragraphs(body), self.settings[id(section)], found, rank)
        if (front := self.matter.text("summary", "description")) and front:
            from_prose(front, setting, found, 4)
        title_days = dates_in(review.title, setting)
        found.offer_day(2, title_days[0] if title_days else None)
        found.offer_day(3, self._day_of_summary(setting))
        if not self.told:
            found.offer_day(4, min((event.occurred_at.date() for event in review.events), default=None))
        zone = setting.zone or common_zone_of(review.events)
        review.zone = zone.name if zone else next((event.zone for event in review.events), "UTC")
        settle(review, found, zone, self.told, self.facts)

    def _day_of_summary(self, setting: Setting) -> date | None:
        for section in self.sections:
            if section.part in ("summary", None):
                for line in section.body[:12]:
                    words = "" if line.opaque else plain(line.text[:600])
                    days = dates_in(words, setting) if tells_of_harm(words) or _OPENS_WITH_DAY.match(words) else []
                    if days:
                        return days[0]
        return None

    def _name_the_rest(self) -> None:
        review, matter = self.review, self.matter
        review.severity = stated_severity(matter, self.facts, self.used)
        review.authors = matter.texts("authors", "author") or _authors(self.facts)
        self.used |= {"authors", "author"}
        review.services = stated_services(matter, self.facts, self.used)
        review.services_stated = bool(review.services)
        if not review.services:
            whole = self._part(*self.parts)
            review.services = told_services(review.title, matter, self.facts, self.used, whole, self._hurt)
        review.telling = "\n".join([self._part("summary", "impact"), self._part("narrative")[:1500]])
        review.causes, others = stated_causes(matter, self._cause_texts(), self.used)
        review.tags = list(dict.fromkeys([*matter.texts("tags", "keywords", "labels"), *others]))
        self.used |= {"tags", "keywords", "labels"}
        summary = matter.text("summary", "description", "excerpt", "abstract")
        if summary and not any(text.strip() for text in self.parts["summary"]):
            self.parts["summary"] = [summary]
            self.used.add(next(key for key in ("summary", "description", "excerpt", "abstract") if matter.text(key)))
        rest = matter.rest(self.used)
        if rest.strip():
            self.parts["narrative"] += ["", f"```{matter.syntax}", rest, "```"]

    def _hurt(self) -> str | None:
        first = next((text for text in self.parts["narrative"] if len(text) > 60 and not text.startswith("#")), "")
        parts = [
            (1.5, self._part("summary")),
            (1.2, self._part("impact")),
            (1.0, first),
            (0.8, self._part("narrative")),
            (0.5, "\n".join(event.text for event in self.review.events)),
        ]
        people = [*self.review.authors, *(action.owner for action in self.review.actions)]
        return hurt_in(self.review.title, parts, people)

    def _part(self, *keys: str) -> str:
        return "\n".join(text for key in keys for text in self.parts[key])

    def _cause_texts(self) -> CauseTexts:
        answers = [why.answer for why in every_why(self.review.whys)]
        told = "\n\n".join([*(factor.text for factor in self.review.factors), *answers])
        summary = "\n".join([self.matter.text("summary", "description"), *self.parts["summary"], *self.parts["impact"]])
        rest = "\n\n".join("\n".join(self.parts[key]) for key in ("narrative", "went_badly", "lessons"))
        events = "\n".join(event.text for event in self.review.events)
        company = self.matter.text("company", "organization", "organisation")
        return CauseTexts(self.review.title, told, summary, f"{rest}\n\n{events}", company)


def _headed(section: Section, texts: list[str]) -> list[str]:
    """Texts under the section's heading; the words that stand on the label's own line are not told twice."""
    inline = bool(section.heading and section.body) and section.body[0].number == section.heading[-1].number
    if inline and texts[:1] == [section.body[0].text]:
        return ["", *(line.text for line in section.heading), *texts[1:]]
    return ["", *(line.text for line in section.heading), "", *texts]


def _belongs(first: Section, section: Section) -> bool:
    """Whether a section is part of the timeline that begins with `first`."""
    return first.part in ("timeline", "milestones") and section.part == first.part and not section.starts_part


def _year_before(day: date) -> date:
    """A day written without a year that would lie after the text itself."""
    return day if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _stated_day(found: Milestones) -> date | None:
    moment = found.moment("occurred") or found.moment("detected")
    return moment.day if moment else found.day[1] if found.day else None


def _authors(facts: list[Fact]) -> list[str]:
    for fact in facts:
        if fact.label in ("author", "authors", "written by", "author(s)", "postmortem author", "report author"):
            return [name for name in (part.strip(" .*_`") for part in re.split(r"[,;&]|\band\b", fact.value)) if name][
                :20
            ]
    return []


def _single_blanks(texts: list[str]) -> list[str]:
    kept: list[str] = []
    for text in "\n".join(texts).split("\n"):
        if text.strip() or (kept and kept[-1].strip()):
            kept.append(text)
    return kept


def plain_paragraphs(text: str) -> str:
    """Markdown as running text, its paragraphs and items kept apart."""
    return "\n".join(plain(line[:5000]) for line in text[:200_000].split("\n"))
