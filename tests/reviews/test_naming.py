"""Names in texts, and roles in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.naming.book import Named
from reviews.naming.finding import find
from reviews.naming.suggesting import is_nobody, names_among, suggested, told_apart
from reviews.naming.writing import Naming, as_label, as_part

ADA = Named("Ada Lovelace", "the on-call engineer", "ada", "ada@example.org", person=1)
WILL = Named("Will Smith", "the incident commander", "wsmith", person=2)
JOSE = Named("José van der Berg-Núñez", "the scribe", "jvdb", person=3)
SEAN = Named("Sean O’Brien", "the first engineer", "sean.obrien", person=4)
WEI = Named("王伟", "the database engineer", "wwei", person=5)
X = Named("X", "the tester", "x1", person=6)
EVERYBODY = [ADA, WILL, JOSE, SEAN, WEI, X]


def written(text: str, *people: Named) -> str:
    return Naming(people or EVERYBODY).written(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Then Ada Lovelace acted.", "Then the on-call engineer acted."),
        ("Then Ada acted.", "Then the on-call engineer acted."),
        ("Then Lovelace acted.", "Then the on-call engineer acted."),
        ("Then Lovelace, Ada acted.", "Then the on-call engineer acted."),
        ("Then A. Lovelace and Ada L. acted.", "Then the on-call engineer and the on-call engineer acted."),
        ("Then ada acted.", "Then the on-call engineer acted."),
        ("Then ADA LOVELACE acted.", "Then the on-call engineer acted."),
        ("Then @ada, @Ada. and (@ada)", "Then the on-call engineer, the on-call engineer. and (the on-call engineer)"),
        ("Write to ada@example.org now", "Write to the on-call engineer now"),
        ("Write to ada.lovelace@corp.example", "Write to the on-call engineer"),
        ("Write to <ada@example.org> now", "Write to the on-call engineer now"),
        ("It was Ada's and Ada’s turn", "It was the on-call engineer's and the on-call engineer’s turn"),
        ("It was ADA'S turn", "It was the on-call engineer's turn"),
        ("Ada\nLovelace acted", "The on-call engineer acted"),
        ("We saw sean.obrien's note", "We saw the first engineer's note"),
        ("We saw Sean O'Brien and O’Brien", "We saw the first engineer and the first engineer"),
        ("José Berg, Jose and van der Berg-Núñez", "The scribe, the scribe and the scribe"),
        ("when Jose\u0301 saw it", "when the scribe saw it"),
        ("when &#65;da saw it, and Jos&eacute;", "when the on-call engineer saw it, and the scribe"),
        ("when A\u00adda saw it", "when the on-call engineer saw it"),
        ("然后王伟重启了服务", "然后the database engineer重启了服务"),
        ("Ada-led effort, ex-Ada team", "on-call-engineer-led effort, ex-on-call-engineer team"),
        ("asked Ada/Will", "asked the on-call engineer/the incident commander"),
    ],
)
def test_each_way_to_write_a_name_becomes_the_role(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada acted.", "The on-call engineer acted."),
        ("It broke. Ada acted.", "It broke. The on-call engineer acted."),
        ("- Ada acted", "- The on-call engineer acted"),
        ("1. **Ada** acted", "1. **The on-call engineer** acted"),
        ("14:03 Ada acted", "14:03 The on-call engineer acted"),
        ("| Ada | acted |", "| The on-call engineer | acted |"),
        ("> Ada acted", "> The on-call engineer acted"),
        ("It broke:\nAda acted", "It broke:\nthe on-call engineer acted"),
    ],
)
def test_a_sentence_begins_with_a_capital(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Adam, Canada, adapter, lovelaces and malada stay",
        "someone@ada.example and https://ada.example/x stay",
        "the host ada.example.org and pod_ada_7 stay",
        "will it hold? It will. As you will.",
        "plan X, X marks",
        "",
        "No names at all.",
    ],
)
def test_what_is_no_name_stays(text: str) -> None:
    assert written(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Then Will acted", "Then the incident commander acted"),
        ("Will restarted it", "The incident commander restarted it"),
        ("Will was paged", "The incident commander was paged"),
        ("Will Smith it was", "The incident commander it was"),
        ("we took Will's laptop", "we took the incident commander's laptop"),
        ("Will the pool hold?", "Will the pool hold?"),
        ("What Will Change Now", "What Will Change Now"),
        ("It WILL hold", "It WILL hold"),
    ],
)
def test_a_name_that_is_an_ordinary_word_counts_where_it_is_used_as_one(text: str, expected: str) -> None:
    assert written(text, WILL) == expected


def test_a_month_is_nobody() -> None:
    may = Named("May Green", "the engineer", person=1)
    text = "In May we grew; on 3 May and May 4, 2026 it broke. Since then May restarted it."
    assert written(text, may) == text.replace("May restarted", "the engineer restarted")


def test_doubtful_words_are_listed_and_replaced_when_asked_to() -> None:
    naming = Naming([WILL])
    naming.written("Will the pool hold? Then Will acted.")
    assert (naming.tallies[0].replaced, naming.tallies[0].left) == (1, 1)
    assert [(one.name, one.doubt) for one in naming.tallies[0].doubtful] == [("Will", "word")]
    sure = Named("Will Smith", "the engineer", "wsmith", everywhere=True, person=2)
    assert written("It is Will. Will it?", sure) == "It is the engineer. The engineer it?"


def test_links_lead_where_they_led_and_are_noted() -> None:
    naming = Naming([ADA])
    text = "[Ada](https://chat.example/ada/1) <https://x.example/@ada> ![Ada](/attachments/1/ada.png)\n\n[ada]: https://ada.example"
    assert naming.written(text) == (
        "[The on-call engineer](https://chat.example/ada/1) <https://x.example/@ada> "
        "![the on-call engineer](/attachments/1/ada.png)\n\n[The on-call engineer]: https://ada.example"
    )
    assert [one.doubt for one in naming.tallies[0].doubtful] == ["address"] * 4


def test_code_and_logs_are_written_anew_without_breaking_paths() -> None:
    text = "`ssh ada@db-1` and\n\n```\nuser=ada path=/home/ada/log\nAda Lovelace logged in\n```\n"
    assert written(text) == (
        "`ssh on-call-engineer@db-1` and\n\n```\nuser=on-call-engineer path=/home/on-call-engineer/log\n"
        "the on-call engineer logged in\n```\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Ada** Lovelace acted", "**The on-call engineer** acted"),
        ("then Ada _Lovelace_ acted", "then _the on-call engineer_ acted"),
        ("then _Ada Lovelace_ acted", "then _the on-call engineer_ acted"),
        ("then ***Ada*** acted", "then ***the on-call engineer*** acted"),
    ],
)
def test_marks_of_emphasis_stay_in_pairs(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our on-call engineer Ada acted", "Our on-call engineer acted"),
        ("then Ada, the on-call engineer, acted", "then the on-call engineer acted"),
        ("then Ada (on-call engineer) acted", "then the on-call engineer acted"),
        ("then Ada Lovelace (@ada) acted", "then the on-call engineer acted"),
        ("then Ada Lovelace <ada@example.org> acted", "then the on-call engineer acted"),
    ],
)
def test_a_role_is_not_said_twice(text: str, expected: str) -> None:
    assert written(text) == expected


def test_a_name_of_two_people_is_told_of_neither() -> None:
    other = Named("Ada Byron", "the second engineer", "abyron", person=9)
    naming = Naming([ADA, other])
    assert naming.written("Then Ada acted, then Ada Byron.") == "Then a colleague acted, then the second engineer."
    assert [*naming.ambiguous] == [(0, 1)]


def test_people_of_one_surname_are_told_apart_by_the_whole_name() -> None:
    other = Named("Bo Lovelace", "the second engineer", person=9)
    assert written("Bo Lovelace and Ada Lovelace", ADA, other) == "The second engineer and the on-call engineer"


def test_where_a_name_stands_alone_the_role_does_so_too() -> None:
    naming = Naming(EVERYBODY)
    assert naming.label("Ada Lovelace") == "On-call engineer"
    assert naming.label("ada lovelace") == "On-call engineer"
    assert naming.label("Platform team") == "Platform team"
    assert naming.role_of(1) == "On-call engineer"
    assert naming.role_of(77) == "Someone else"
    assert (as_label("an engineer"), as_part("the on-call engineer")) == ("Engineer", "on-call-engineer")


def test_what_is_frozen_writes_the_same_again() -> None:
    naming = Naming(EVERYBODY)
    text = "Ada asked Will; sean.obrien and @jvdb saw."
    assert Naming.frozen(naming.as_frozen()).written(text) == naming.written(text)


@pytest.mark.parametrize("name", [".*", "(a+)+", "[", "\\", "A", "  ", "'", "@", "-", "Ada (SRE) <ada@x.y>", "\u200b"])
def test_hostile_names_do_no_harm(name: str) -> None:
    naming = Naming([Named(name, "the engineer", person=1)])
    assert "engineer" not in naming.written("A plain (text) [with] .* and \\ signs.")


HOSTILE = [
    "a",
    "\n",
    "😀",
    "[",
    "`",
    "@",
    "](<",
    "](a(",
    "Ada ",
    "Will ",
    "Ada'",
    "a-",
    "A. ",
    "http://",
    "* \n",
    "@a.b",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_megabyte_of_anything_is_written(piece: str) -> None:
    assert written(piece * (1_000_000 // len(piece))) is not None


@given(st.text(alphabet=st.sampled_from("AdaLoveWil smth.,@_*`[]()<>/:'’-\n0é王伟X|#>"), max_size=200))
def test_no_text_raises_and_nothing_is_left_of_a_sure_name(text: str) -> None:
    naming = Naming(EVERYBODY)
    made = naming.written(text)
    assert [made[one.start : one.end] for one in find(made, naming.book) if not one.doubt] == []


def test_roles_are_proposed_from_what_people_did() -> None:
    assert suggested(["author", "responder"]) == "the on-call engineer"
    assert suggested(["incident-commander", "responder"]) == "the incident commander"
    assert suggested(["author"], "team-lead") == "the team lead"
    assert suggested(["author"], "author") == "the engineer"


def test_the_same_roles_are_numbered() -> None:
    assert told_apart(["the engineer", "the scribe", "the engineer"]) == [
        "the first engineer",
        "the scribe",
        "the second engineer",
    ]
    assert told_apart(["the engineer"], taken=["the engineer"]) == ["the first engineer"]
    assert len(set(told_apart(["the engineer"] * 20))) == 20


def test_groups_and_roles_are_nobody() -> None:
    assert all(is_nobody(name) for name in ("Platform team", "the vendor’s support", "TBD", "SRE", "?"))
    assert not is_nobody("Jane Doe")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Then @z\\_quill and z\\_quill acted", "Then the tester and the tester acted"),
        ("Then z_quill acted", "Then the tester acted"),
        ("Then Ada\\-Lovelace", "Then the on-call engineer"),
        ("when A&shy;da saw it", "when the on-call engineer saw it"),
        ("See [her desk](mailto:ada@example.org?subject=x) now", "See her desk now"),
        ("See [Ada](mailto:ada@example.org) now", "See the on-call engineer now"),
        ("See [the desk](mailto:desk@example.org) now", "See the desk now"),
    ],
)
def test_what_editors_write_around_names_hides_none(text: str, expected: str) -> None:
    made = written(text, ADA, JOSE, Named("Zo Quill", "the tester", "z_quill", person=7))
    assert made.replace("[the desk](mailto:desk@example.org)", "the desk") == expected


FILE = "/attachments/0b1e7b0e-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"![ada.png]({FILE}/ada.png)", f"![on-call-engineer.png]({FILE}/file.png)"),
        (f"[ada-notes.txt]({FILE}/ada-notes.txt).", f"[on-call-engineer-notes.txt]({FILE}/file.txt)."),
        (f"see {FILE}/pool.use.csv", f"see {FILE}/file.csv"),
        (f"[the graph]({FILE}/graph)", f"[the graph]({FILE}/file)"),
    ],
)
def test_names_of_files_tell_nobody(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("written_as", "names"),
    [
        ("jennifer", ["jennifer"]),
        ("jane doe", ["jane doe"]),
        ("Jane Doe (SRE)", ["Jane Doe (SRE)"]),
        ("Jane Doe, platform team", ["Jane Doe"]),
        ("Jane Doe, Bo Smith and the DBA", ["Jane Doe", "Bo Smith"]),
        ("Doe, Jane", ["Doe, Jane"]),
        ("SRE Jane", ["Jane"]),
        ("An Nguyen", ["An Nguyen"]),
        ("Bob & the infra team", ["Bob"]),
        ("payments on-call", []),
        ("R&D", []),
        ("n/a", []),
        ("X", ["X"]),
    ],
)
def test_names_are_told_from_groups(written_as: str, names: list[str]) -> None:
    assert names_among(written_as) == names
