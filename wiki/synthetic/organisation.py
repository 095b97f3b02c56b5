"""The people, teams, services and cause categories of the made-up organisation; those that are there are kept."""

from dataclasses import dataclass
from random import Random

from accounts.models import Person, Role
from catalog.cause_categories import STARTING_CATEGORIES
from catalog.models import CauseCategory, Membership, Service, ServiceAlias, Team
from wiki.synthetic.words import Writer

_AREAS = """
Ledger Invoicing Settlement Onboarding Identity Permissions Messaging Routing Inventory Warehouse Courier Tracking
Pricing Promotions Recommendations Catalogue Media Rendering Analytics Warehousing Forecasting Telemetry Metering
Provisioning Scheduling Orchestration Edge Gateway Storage Archive Backup Compliance Moderation Support Feedback
Localisation Experiments Partners Marketplace Treasury
"""
_KINDS = ["API", "Worker", "Database", "Cache", "Console", "Importer", "Exporter", "Stream", "Index", "Scheduler"]
_FIRST = """
Ada Amir Ana Anouk Aron Bea Ben Carla Chidi Dana Dario Edda Elif Emil Esra Femi Finn Gita Hana Hugo Ilse Ines Jan Jola
Kai Kira Lars Leila Luca Maja Malik Mina Nadia Nils Noor Olga Omar Pia Priya Rafa Rosa Sami Selma Tariq Tove Uma Viktor
Wanda Yusuf Zoe
"""
_LAST = """
Abel Aydin Berg Bianchi Brandt Castro Chen Costa Dahl Dumont Eriksen Falk Ferrari Fischer Gallo Haas Hansen Horvat Ito
Ivanov Jansen Kaya Keller Kim Kovac Lang Lopez Maier Mensah Moreau Nagy Novak Okafor Olsen Park Perez Petrov Quist Rao
Rossi Sato Schmid Silva Sousa Tanaka Torres Varga Vogel Weber Yilmaz
"""
MOST_PEOPLE = 2_500
_ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/Lisbon"]
_ROLES = [Role.AUTHOR] * 15 + [Role.READER] * 2 + [Role.TEAM_LEAD] * 2 + [Role.FACILITATOR]


@dataclass(frozen=True)
class Owned:
    """A service with what its reviews are about and who writes them."""

    service: Service
    team: Team
    members: list[Person]
    topic: list[str]


@dataclass(frozen=True)
class Organisation:
    """Everything that reviews refer to. A service early in the list fails more often than one at its end."""

    services: list[Owned]
    causes: list[tuple[CauseCategory, list[str]]]
    facilitators: list[Person]


def organisation(random: Random, writer: Writer, reviews: int) -> Organisation:
    """As large as an organisation that has written `reviews` reviews."""
    people = _people(random, max(20, min(reviews // 40, MOST_PEOPLE)))
    teams = _teams(random, people, max(4, min(reviews // 250, len(_AREAS.split()))))
    causes = [
        CauseCategory.objects.get_or_create(slug=slug, defaults={"name": name, "about": about})[0]
        for slug, name, about in STARTING_CATEGORIES
    ]
    services = []
    for kind in _KINDS:
        for team, members in teams:
            name = f"{team.name} {kind}"
            service, is_new = Service.objects.get_or_create(
                slug=name.lower().replace(" ", "-"), defaults={"name": name, "owner": team}
            )
            if is_new and kind == _KINDS[0]:
                ServiceAlias.objects.create(service=service, name=f"{team.name} backend")
            services.append(Owned(service, team, members, writer.topic()))
    random.shuffle(services)
    facilitators = [one for one in people if one.role == Role.FACILITATOR] or people[:1]
    return Organisation(services, [(cause, writer.topic()) for cause in causes], facilitators)


def _people(random: Random, count: int) -> list[Person]:
    """Accounts that nobody can sign in with: they have no password."""
    names = random.sample([f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()], count)
    wanted = [
        Person(
            username=name.lower().replace(" ", "."),
            name=name,
            email=f"{name.lower().replace(' ', '.')}@example.org",
            role=_ROLES[place % len(_ROLES)],
            time_zone=random.choice(_ZONES),
            password="!",  # noqa: S106  matches no password
        )
        for place, name in enumerate(names)
    ]
    Person.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1_000)
    found = Person.objects.in_bulk([one.username for one in wanted], field_name="username")
    return [found[one.username] for one in wanted]


def _teams(random: Random, people: list[Person], count: int) -> list[tuple[Team, list[Person]]]:
    """Each person in one team; the first of each leads it."""
    teams = []
    for place, area in enumerate(_AREAS.split()[:count]):
        team, _ = Team.objects.get_or_create(slug=area.lower(), defaults={"name": area})
        members = people[place::count]
        Membership.objects.bulk_create(
            [Membership(team=team, person=one, is_lead=one is members[0]) for one in members], ignore_conflicts=True
        )
        teams.append((team, members))
    return teams
