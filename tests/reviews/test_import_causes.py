"""The category of cause that an imported text tells of, and when none is given."""

import pytest

from reviews.importing.parse import parse_review

TELLING = {
    "configuration-change": "A firewall rule was removed by mistake in the new config, a misconfiguration.",
    "code-change": "The release contained a bug: the parser did not check for empty lines.",
    "capacity": "A spike in traffic exhausted the connection pool and the workers ran out of memory.",
    "dependency": "Our SMS provider had an outage.",
    "network-hardware": "The core switch failed and half of the rack lost power.",
    "data-storage": "The schema migration took a table lock and queries piled up.",
    "certificate-expiry": "The TLS certificate had expired on Sunday.",
    "security": "An attacker used a stolen password to publish malicious packages.",
    "process-tooling": "The operator accidentally ran the command against the wrong cluster.",
}


def causes(text: str) -> list[str]:
    return parse_review(text.encode(), "x.md").causes


@pytest.mark.parametrize(("slug", "sentence"), TELLING.items())
def test_a_root_cause_names_its_category(slug: str, sentence: str) -> None:
    assert causes(f"# Sluice stuck\n\n## Root cause\n\n{sentence}\n") == [slug]


@pytest.mark.parametrize("slug", ["capacity", "certificate-expiry", "network-hardware"])
def test_a_because_in_the_summary_is_enough(slug: str) -> None:
    assert causes(f"# Sluice stuck\n\n## Summary\n\nThe outage was due to this: {TELLING[slug]}\n") == [slug]


def test_what_is_told_equally_of_two_is_not_guessed() -> None:
    text = "# Sluice stuck\n\n## Root cause\n\nA race condition or packet loss, we cannot tell.\n"
    assert causes(text) == []


def test_a_missing_alert_alone_is_no_cause() -> None:
    assert causes("# Sluice stuck\n\n## Summary\n\nThe sluice stuck. It went unnoticed for an hour.\n") == []


def test_a_tag_on_the_whole_text_holds_against_a_passing_word() -> None:
    text = "---\ntitle: Sluice stuck\ncategories: [config-change]\n---\n\nMemory was fine. The sluice was stuck.\n"
    assert causes(text) == ["configuration-change"]


def test_a_tag_yields_to_a_text_that_speaks_of_nothing_else() -> None:
    told = (
        "The root cause was an expired certificate. The TLS certificate had expired. Nobody did renew the certificate."
    )
    text = f"---\ntitle: Expired certificate\ncategories: [config-change]\n---\n\n## Root cause\n\n{told}\n"
    assert causes(text) == ["certificate-expiry"]


def test_an_incident_of_ones_own_is_no_dependency() -> None:
    text = "---\ntitle: Outage\ncompany: Slack\n---\n\n## Summary\n\nSlack had an outage because Slack failed.\n"
    assert causes(text) == []
