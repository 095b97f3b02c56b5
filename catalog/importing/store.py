"""Keeping what catalog files say: services and teams are made, or brought up to date; nothing is deleted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import Person
from catalog.importing.entries import BadEntry, CatalogFile, Entry, Owner, Place
from catalog.models import Membership, Service, ServiceAlias, Team
from catalog.queries import find_by_slug, find_service
from core import audit

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


@dataclass
class CatalogImport:
    """What became of all entries."""

    services: Counter[str] = field(default_factory=Counter)
    teams: Counter[str] = field(default_factory=Counter)
    members: int = 0
    passed_over: int = 0
    unknown: set[str] = field(default_factory=set)  # members that have no account here
    problems: list[tuple[Place, str]] = field(default_factory=list)


def store_catalog(files: Iterable[CatalogFile]) -> CatalogImport:
    """Keep all entries, each in a transaction of its own: one that cannot be kept stops none of the others."""
    found = list(files)
    done = CatalogImport(passed_over=sum(one.passed_over for one in found))
    done.problems = [problem for one in found for problem in one.problems]
    entries = [entry for one in found for entry in one.entries]
    _each(done, _once(done, [one for one in entries if one.kind == "team"]), _store_team, done.teams)
    services = sorted((one for one in entries if one.kind == "service"), key=lambda one: one.weight)
    _each(done, _once(done, services), _store_service, done.services)
    for one in found:
        for slug, names in one.memberships:
            team = find_by_slug(Team.objects.all(), slug)
            if team is not None:
                _join(team, [names], done, is_lead=False)
    said = f"services {dict(done.services)}, teams {dict(done.teams)}, {done.members} members"
    audit.record(None, "import-catalog", "catalog", said)
    return done


def _once(done: CatalogImport, entries: list[Entry]) -> list[Entry]:
    """Each slug once. A system or a resource that is called as a component is taken for the same service."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        first = kept.setdefault(entry.slug, entry)
        if first is not entry and first.weight == entry.weight:
            done.problems.append((entry.place, f"“{entry.called}” stands at {first.place} already."))
    return list(kept.values())


def _each(done: CatalogImport, entries: list[Entry], store: Any, counted: Counter[str]) -> None:
    for entry in entries:
        try:
            with transaction.atomic():
                counted[store(entry, done)] += 1
        except BadEntry as problem:
            done.problems.append((entry.place, str(problem)))
        except IntegrityError:
            done.problems.append((entry.place, f"“{entry.name}” was changed by somebody else meanwhile. Try again."))


def _store_team(entry: Entry, done: CatalogImport) -> str:
    team = _team(entry.slug, entry.name)
    if team is None:
        team = Team.objects.create(slug=entry.slug, name=entry.name, about=entry.about)
        outcome = CREATED
    else:
        outcome = _bring_up_to_date(team, {"name": entry.title, "about": entry.about})
    before = done.members
    _join(team, [[name] for name in entry.members], done, is_lead=False)
    _join(team, [[name] for name in entry.leads], done, is_lead=True)
    return CHANGED if outcome == UNCHANGED and done.members > before else outcome


def _store_service(entry: Entry, done: CatalogImport) -> str:
    service = find_by_slug(Service.objects.all(), entry.slug) or find_service(entry.called) or find_service(entry.name)
    owner = _team_of(entry.owner, done) if entry.owner else None
    other = find_service(entry.title) if entry.title else None
    if other is not None and other != service:
        raise BadEntry(f"“{entry.title}” is already what another service is called, {other.slug}.")
    if service is None:
        service = Service.objects.create(slug=entry.slug, name=entry.name, about=entry.about, owner=owner)
        outcome = CREATED
    else:
        known_as_title = bool(entry.title) and service.aliases.filter(name__iexact=entry.title).exists()
        title = "" if known_as_title else entry.title
        outcome = _bring_up_to_date(service, {"name": title, "about": entry.about, "owner": owner})
    added = sum(_known_as(service, alias) for alias in dict.fromkeys([*entry.aliases, entry.called]))
    return CHANGED if outcome == UNCHANGED and added else outcome


def _bring_up_to_date(thing: Service | Team, stated: dict[str, Any]) -> str:
    """Set what is stated and differs."""
    changed = [name for name, value in stated.items() if value and getattr(thing, name) != value]
    for name in changed:
        setattr(thing, name, stated[name])
    if changed:
        thing.save(update_fields=changed)
    return CHANGED if changed else UNCHANGED


def _known_as(service: Service, alias: str) -> bool:
    """Whether a name was added by which `service` is known from now on."""
    known = find_service(alias)
    if known is not None and known != service:
        raise BadEntry(f"“{alias}” is already what another service is called, {known.slug}.")
    if known is not None or ServiceAlias.objects.annotate(lower=Lower("name")).filter(lower=alias.lower()).exists():
        return False
    ServiceAlias.objects.create(service=service, name=alias)
    return True


def _team_of(owner: Owner, done: CatalogImport) -> Team:
    team = _team(owner.slug, owner.called)
    if team is None:
        team = Team.objects.create(slug=owner.slug, name=owner.called)
        done.teams[CREATED] += 1
    return team


def _team(slug: str, name: str) -> Team | None:
    return find_by_slug(Team.objects.all(), slug) or Team.objects.filter(name__iexact=name).order_by("pk").first()


def _join(team: Team, people: Iterable[list[str]], done: CatalogImport, *, is_lead: bool) -> None:
    """Let people be in the team, each under any of their names; nobody is taken out of it."""
    for names in people:
        person = _person(names)
        if person is None:
            done.unknown.add(names[0])
            continue
        membership, is_new = Membership.objects.get_or_create(team=team, person=person)
        if is_lead and not membership.is_lead:
            membership.is_lead, is_new = True, True
            membership.save(update_fields=["is_lead"])
        done.members += is_new


def _person(names: list[str]) -> Person | None:
    for name in names:
        by_name = Q(username__iexact=name) | (Q(email__iexact=name) if "@" in name else Q(pk__in=[]))
        found = list(Person.objects.filter(by_name)[:2])
        if len(found) == 1:
            return found[0]
    return None
