"""`import_catalog`: descriptors of Backstage and tables become services and teams."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Membership, Service, ServiceAlias, Team
from core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

WHOLE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments-api
  title: Payments API
  description: Takes money.
spec:
  type: service
  owner: group:default/payments
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: payments
spec:
  type: team
  profile:
    displayName: Team Payments
  members: [greta, nobody]
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata:
  name: checkout
spec:
  owner: payments
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata:
  name: ledger-db
spec:
  owner: platform
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: payments-grpc
"""


def entity(kind: str, name: str, **spec: Any) -> str:
    return json.dumps({"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": {"name": name}, "spec": spec})


def run(path: Path) -> tuple[dict[str, Any], str, int]:
    """What was printed, what was written to stderr, and the exit status."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_catalog", path, json=True, stdout=out, stderr=err)
        status = 0
    except SystemExit as ended:
        status = int(str(ended.code))
    return json.loads(out.getvalue()), err.getvalue(), status


def imported(folder: Path, text: str, name: str = "catalog-info.yaml") -> tuple[dict[str, Any], str, int]:
    file = folder / name
    file.write_text(text)
    return run(file)


def test_components_systems_and_resources_become_services_and_groups_teams(tmp_path: Path) -> None:
    counts, _, status = imported(tmp_path, WHOLE)
    assert status == 0
    assert counts["services"] == {"created": 3, "changed": 0, "unchanged": 0}
    assert counts["teams"]["created"] == 2
    assert counts["passed_over"] == 1
    payments = Service.objects.get(slug="payments-api")
    assert (payments.name, payments.about) == ("Payments API", "Takes money.")
    assert payments.owner == Team.objects.get(slug="payments", name="Team Payments")


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, WHOLE)
    counts, _, status = imported(tmp_path, WHOLE)
    assert status == 0
    assert counts["services"] == {"created": 0, "changed": 0, "unchanged": 3}
    assert counts["teams"] == {"created": 0, "changed": 0, "unchanged": 1}


def test_what_changed_is_brought_up_to_date_and_what_is_not_stated_stays(tmp_path: Path) -> None:
    Service.objects.create(slug="payments-api", name="Old", about="Kept when nothing is said.")
    counts, _, _ = imported(tmp_path, WHOLE.replace("  description: Takes money.\n", ""))
    assert counts["services"]["changed"] == 1
    payments = Service.objects.get(slug="payments-api")
    assert (payments.name, payments.about) == ("Payments API", "Kept when nothing is said.")


def test_a_name_given_by_hand_stays_where_the_file_has_no_title(tmp_path: Path) -> None:
    Service.objects.create(slug="checkout", name="The checkout")
    imported(tmp_path, entity("System", "checkout"))
    assert Service.objects.get().name == "The checkout"


def test_a_service_that_is_known_by_another_name_is_the_same(tmp_path: Path) -> None:
    service = factories.service("Money")
    ServiceAlias.objects.create(service=service, name="payments-api")
    imported(tmp_path, entity("Component", "payments-api"))
    assert Service.objects.get() == service


def test_a_renamed_service_is_found_again(tmp_path: Path) -> None:
    imported(tmp_path, entity("Component", "sluice"))
    service = Service.objects.get()
    service.slug, service.name = "gate", "Gate"
    service.save()
    imported(tmp_path, entity("Component", "sluice"))
    assert Service.objects.count() == 1


def test_members_who_have_an_account_join_and_nobody_leaves(tmp_path: Path) -> None:
    factories.person("greta")
    old = factories.person("old")
    factories.team("Payments", old)
    counts, said, status = imported(tmp_path, WHOLE)
    assert (counts["members"], counts["unknown_members"], status) == (1, ["nobody"], 0)
    assert "nobody" in said
    assert Membership.objects.count() == 2


def test_users_name_their_groups(tmp_path: Path) -> None:
    greta = factories.person("greta", email="g@example.org")
    user = entity("User", "g.sand", memberOf=["payments"], profile={"email": "G@example.org"})
    imported(tmp_path, f"{entity('Group', 'payments')}\n---\n{user}")
    assert Membership.objects.get().person == greta


@pytest.mark.parametrize("owner", ["payments", "group:payments", "group:default/payments", "Group:default/payments"])
def test_owners_are_written_in_several_ways(tmp_path: Path, owner: str) -> None:
    imported(tmp_path, entity("Component", "api", owner=owner))
    assert Team.objects.get().slug == "payments"


def test_a_person_owns_nothing(tmp_path: Path) -> None:
    imported(tmp_path, entity("Component", "api", owner="user:default/greta"))
    assert Service.objects.get().owner is None


def test_a_component_and_a_system_of_one_name_are_one_service(tmp_path: Path) -> None:
    text = f"{entity('System', 'pay')}\n---\n{entity('Component', 'pay', owner='a')}"
    counts, _, status = imported(tmp_path, text)
    assert (counts["services"]["created"], status) == (1, 0)
    assert Service.objects.get().owner is not None


def test_other_namespaces_are_told_apart(tmp_path: Path) -> None:
    other = json.loads(entity("Component", "pay", owner="team"))
    other["metadata"]["namespace"] = "eu"
    imported(tmp_path, f"{entity('Component', 'pay')}\n---\n{json.dumps(other)}")
    assert set(Service.objects.values_list("slug", flat=True)) == {"pay", "eu-pay"}
    assert Team.objects.get().slug == "eu-team"


BAD = [
    ("kind: Component\nmetadata: {name: a}", "no entity of Backstage"),
    ("a: [", "no well-formed YAML"),
    (entity("Spaceship", "a"), "“spaceship” are not known"),
    (entity("Component", ""), "no metadata.name"),
    (entity("Component", "水門"), "no letter or digit"),
    (entity("Component", "a" * 100), "is too long"),
    (entity("Component", "a", owner={"x": 1}), "“owner” is not text"),
    (entity("Component", "a", owner="group:"), "refers to nothing"),
    (entity("Group", "a", members="greta"), "“members” is not a list"),
    ('{"apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": []}', "not a group of values"),
    ("apiVersion: backstage.io/v1\nkind: Component\nmetadata: {name: 2024-01-01}", "Put it between quotation marks"),
    (entity("Component", "a" * 130), "characters; at most 120 fit"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_bad_entry_is_told_and_the_rest_imported(tmp_path: Path, text: str, said: str) -> None:
    counts, errors, status = imported(
        tmp_path, f"{entity('Component', 'good')}\n---\n{text}\n---\n{entity('Group', 'b')}"
    )
    assert status == 1
    assert said in errors
    assert re.search(r"/catalog-info.yaml:[34]: ", errors)
    assert (counts["services"]["created"], counts["teams"]["created"]) == (1, 1)


def test_an_entry_that_stands_twice_is_told(tmp_path: Path) -> None:
    counts, errors, status = imported(tmp_path, f"{entity('Component', 'a')}\n---\n{entity('Component', 'a')}")
    assert (status, counts["services"]["created"]) == (1, 1)
    assert "catalog-info.yaml:1 already" in errors


def test_a_title_that_another_service_has_is_told(tmp_path: Path) -> None:
    factories.service("Payments")
    Service.objects.create(slug="api", name="Api")
    text = json.loads(entity("Component", "api"))
    text["metadata"]["title"] = "payments"
    _, errors, status = imported(tmp_path, json.dumps(text))
    assert status == 1
    assert "already what another service is called, payments" in errors


def test_a_folder_is_walked_and_other_yaml_in_it_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a" / ".git").mkdir(parents=True)
    (tmp_path / "a" / "catalog-info.yml").write_text(entity("Component", "a"))
    (tmp_path / "compose.yaml").write_text("services: {}")
    (tmp_path / "a" / ".git" / "catalog-info.yaml").write_text(entity("Component", "hidden"))
    counts, _, status = run(tmp_path)
    assert (counts["services"]["created"], status) == (1, 0)


def test_a_location_leads_to_files_below_it_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.yaml").write_text(entity("Component", "out"))
    (tmp_path / "in" / "a.yaml").write_text(entity("Component", "a"))
    targets = ["./a.yaml", "../out.yaml", "https://example.org/catalog-info.yaml", "./catalog-info.yaml"]
    _, errors, status = imported(tmp_path / "in", entity("Location", "all", targets=targets))
    assert status == 1
    assert [one.slug for one in Service.objects.all()] == ["a"]
    assert errors.count("is not read") == 2


CSV = """\
Kind;Name;Owner;Description;Aliases;Members
service;Payments API;Team Payments;Takes money.;pay|money;
team;Team Payments;;They do;;greta
;Ledger;Team Payments;;;
"""


def test_a_table_of_services_and_teams(tmp_path: Path) -> None:
    greta = factories.person("greta")
    counts, _, status = imported(tmp_path, CSV, "all.csv")
    assert (status, counts["services"]["created"], counts["teams"]["created"]) == (0, 2, 1)
    payments = Service.objects.get(slug="payments-api")
    assert [one.name for one in payments.aliases.all()] == ["money", "pay"]
    assert payments.owner is not None
    assert list(payments.owner.members.all()) == [greta]


def test_the_same_table_again_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, CSV, "all.csv")
    counts, _, _ = imported(tmp_path, CSV, "all.csv")
    assert (counts["services"]["unchanged"], counts["teams"]["unchanged"]) == (2, 1)


def test_a_table_without_services_is_one_of_teams(tmp_path: Path) -> None:
    factories.person("greta")
    imported(tmp_path, "team,lead\nPayments,greta\n", "teams.csv")
    assert Membership.objects.get().is_lead


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,y\n1,2\n", "has to name the columns"),
        ("", "has to name the columns"),
        ('name\n"a', ""),
        ("name,kind\nA,spaceship\n", "neither a service nor a team"),
        ("name,owner\n,Payments\n", "The row has no name."),
        ("name\n" + "a" * 200_000, "well-formed CSV"),
        ("name\n" + "a" * 200, "characters; at most 120 fit"),
    ],
)
def test_a_bad_table_is_told(tmp_path: Path, text: str, said: str) -> None:
    _, errors, status = imported(tmp_path, text, "all.csv")
    assert (status == 1) is bool(said)
    assert said in errors


@pytest.mark.parametrize("content", [b"\xff\xfe\x00a", b"\x00", b"\xe9"])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalog-info.yaml").write_bytes(content)
    _, errors, status = run(tmp_path / "catalog-info.yaml")
    assert status == 1
    assert errors


def test_a_bomb_of_references_does_no_harm(tmp_path: Path) -> None:
    layers = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
    text = (
        f"apiVersion: backstage.io/v1\nkind: Component\nmetadata: {{name: x}}\na: &a [x]\n{layers}spec: {{owner: *j}}"
    )
    _, errors, status = imported(tmp_path, text)
    assert status == 1
    assert "“owner” is not text" in errors


def test_nothing_there_is_wrong_usage(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(CommandError) as refused:
            call_command("import_catalog", path)
        assert refused.value.returncode == 2


def test_it_is_audited(tmp_path: Path) -> None:
    imported(tmp_path, entity("Component", "a"))
    assert AuditEntry.objects.get(verb="import-catalog").person is None


def test_without_json_it_counts_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "catalog-info.yaml").write_text(WHOLE)
    call_command("import_catalog", tmp_path / "catalog-info.yaml")
    assert "services     3 new" in capsys.readouterr().out
