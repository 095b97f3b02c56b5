"""The index follows what is published, at once, and never stands in its way."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from catalog.models import ServiceAlias
from reviews.models import Section
from reviews.publishing import publish_review
from tests import factories
from wiki.indexing import Merged, aliases_of, index_version
from wiki.models import SearchEntry

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    return list(SearchEntry.objects.filter(vector=words).values_list("title", flat=True))


def vector_of(title: str) -> str:
    return str(SearchEntry.objects.get(title=title).vector)


def test_a_published_review_has_an_entry(author: Person) -> None:
    version = factories.published(author, "Pool ran dry", services=[factories.service("Payments")])
    entry = SearchEntry.objects.get()
    assert (entry.pk, entry.title, entry.severity) == (version.review_id, "Pool ran dry", "sev2")
    assert entry.service_ids == [factories.service("Payments").pk]
    assert entry.occurred_at == factories.NOON
    assert "No alert on pool use." in entry.text.body


def test_parts_weigh_by_what_they_say_of_the_review(author: Person) -> None:
    payments = factories.service("Payments")
    ServiceAlias.objects.create(service=payments, name="Moneybox")
    review = factories.draft(author, "Titleword", summary="Summaryword.", services=[payments])
    review.factors.create(text="x", html="<p>Factorword</p>")
    review.whys.create(question="Why questionword?", answer="x", answer_html="<p>Answerword</p>")
    Section.objects.create(review=review, kind="impact", text="x", html="<p>Impactword</p>")
    publish_review(author, review)
    vector = vector_of("Titleword")
    for word, weight in [
        ("titleword", "A"), ("summaryword", "B"), ("payment", "B"), ("moneybox", "B"), ("factorword", "C"),
        ("questionword", "C"), ("answerword", "C"),
    ]:  # fmt: skip
        assert any(part.startswith(f"'{word}'") and weight in part for part in vector.split()), (word, vector)
    assert "impactword" in vector


def test_publishing_again_updates_the_entry(author: Person) -> None:
    review = factories.published(author, summary="The teapot leaked.").review
    assert found("teapot") == ["Checkout slow"]
    review.sections.filter(kind="summary").update(text="The kettle leaked.", html="<p>The kettle leaked.</p>")
    publish_review(author, review)
    assert found("teapot") == []
    assert found("kettle") == ["Checkout slow"]
    assert SearchEntry.objects.count() == 1


def test_what_was_not_published_is_not_found(author: Person) -> None:
    factories.draft(author, summary="The teapot leaked.")
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.published(author, summary="The kettle leaked.")
        raise RuntimeError
    assert not SearchEntry.objects.exists()


def test_a_review_without_a_date_is_filed_under_its_publication(author: Person) -> None:
    version = factories.published(author, occurred_at=None)
    assert SearchEntry.objects.get().occurred_at == version.published_at


@pytest.mark.parametrize(
    "text",
    [
        "word " * 400_000,
        " ".join(f"w{n}x{n * 7}" for n in range(150_000)),
        "-".join(["ab", "cd", "ef"] * 200_000),
        "ж" * 1_000_000,
        " ".join(chr(0x4E00 + n % 20_000) + chr(0x4E00 + n // 20_000) for n in range(500_000)),
        " ".join(f"a{n:x}-b{n:x}-c{n:x}" for n in range(120_000)),
        " ".join(f"a{n:x}.b{n:x}/c{n:x}@d.org/x{n:x}" for n in range(90_000)),
        "Ⱥ" * 700_000,
        "\x01\x02\x7f" * 300_000,
    ],
    ids=["one word", "many words", "one chain", "no space", "ideographs", "chains", "addresses", "longer in lower case", "controls"],
)  # fmt: skip
def test_two_megabytes_are_published_and_found(author: Person, text: str) -> None:
    review = factories.draft(author, "Huge")
    Section.objects.create(review=review, kind="narrative", text=text, html=text)
    publish_review(author, review)
    assert found("huge") == ["Huge"]


def test_a_word_at_the_end_of_a_long_text_is_found(author: Person) -> None:
    review = factories.draft(author, "Long log")
    text = "the same line again and again\n" * 60_000 + "teapot"
    Section.objects.create(review=review, kind="narrative", text=text, html=text)
    publish_review(author, review)
    assert found("teapot") == ["Long log"]


def test_words_beside_a_slash_are_found(author: Person) -> None:
    factories.published(author, summary="The CI/CD pipeline read &lt;database&gt; and C:\\temp.")
    for word in ("cd", "database", "temp"):
        assert found(word) == ["Checkout slow"], word


def test_indexing_takes_three_statements(author: Person) -> None:
    version = factories.published(author, services=[factories.service("Payments")])
    aliases = aliases_of()
    with CaptureQueriesContext(connection) as queries:
        index_version(version, aliases, Merged({}, {}))
    assert len(queries) == 3


def test_reindex_writes_the_entries_anew(author: Person, capsys: pytest.CaptureFixture[str]) -> None:
    review = factories.published(author, "First").review
    publish_review(author, review)
    factories.published(author, "Second")
    SearchEntry.objects.all().delete()
    call_command("reindex")
    assert capsys.readouterr().out == "2 reviews indexed.\n"
    assert set(SearchEntry.objects.values_list("title", flat=True)) == {"First", "Second"}


def test_without_a_summary_a_row_shows_how_the_review_begins(author: Person) -> None:
    review = factories.draft(author, summary="")
    Section.objects.create(review=review, kind="narrative", text="x", html="<p>It began at noon.</p>")
    publish_review(author, review, accept_missing=True)
    assert SearchEntry.objects.get().summary == "It began at noon."
