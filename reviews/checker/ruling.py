"""An administrator's changes to the rules: what is on, how much it matters, what blocks, and words of one's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from accounts.models import Person, Role
from core import audit
from core.problems import Problems
from reviews.checker.rulebook import usual_rules
from reviews.models import CustomWord, RuleSetting, Severity

FINE = "fine"


@dataclass(frozen=True)
class Ruled:
    """How a rule shall hold."""

    code: str
    is_on: bool
    severity: str
    blocks: bool


def may_change_rules(person: Person) -> bool:
    """Whether `person` decides what the checker looks for here."""
    return person.has_role(Role.ADMINISTRATOR)


@transaction.atomic
def change_rules(person: Person, wanted: Iterable[Ruled]) -> int:
    """Let these rules hold so; how many of them changed. What is as it comes is not stored."""
    _allow(person)
    stored = {one.code: one for one in RuleSetting.objects.select_for_update()}
    changed = 0
    for ruled in wanted:
        problems = Problems()
        problems.choice("code", ruled.code, usual_rules().rules)
        problems.choice("severity", ruled.severity, Severity.values)
        problems.refuse_any()
        usual = usual_rules().rules[ruled.code]
        before = stored.get(ruled.code) or RuleSetting(code=ruled.code)
        held = (before.is_on, before.severity, before.blocks)
        before.is_on = ruled.is_on
        before.severity = "" if ruled.severity == usual.severity else ruled.severity
        before.blocks = None if ruled.blocks == usual.blocking else ruled.blocks
        if held == (before.is_on, before.severity, before.blocks):
            continue
        changed += 1
        if before.is_on and not before.severity and before.blocks is None:
            before.delete()
        else:
            before.save()
        said = "on" if ruled.is_on else "off"
        detail = f"{said}, {ruled.severity}{', blocks publishing' if ruled.blocks else ''}"
        audit.record(person, "change-rule", f"rule {ruled.code}", detail)
    return changed


@transaction.atomic
def save_word(person: Person, word: CustomWord | None, *, words: str, finds: str, suggestion: str = "") -> CustomWord:
    """Add words of one's own (`word` None) or change them. `finds` is the code of a language rule, or FINE for words
    that no rule shall find. ValidationError where they are known already.
    """
    _allow(person)
    problems = Problems()
    words = problems.line("words", words, longest=120, required="Write the words.")
    if words and not any(letter.isalnum() for letter in words):
        problems.add("words", "Write at least one letter or digit.")
    elif CustomWord.objects.filter(words__iexact=words).exclude(pk=word.pk if word else 0).exists():
        problems.add("words", f"“{words}” is in the list already.")
    language = [code for code, rule in usual_rules().rules.items() if rule.group == "language"]
    problems.choice("finds", finds, [FINE, *language])
    suggestion = problems.line("suggestion", suggestion, longest=300)
    problems.refuse_any()
    is_new = word is None
    word = word or CustomWord()
    word.words, word.is_fine = words, finds == FINE
    word.code, word.suggestion = ("", "") if word.is_fine else (finds, suggestion)
    word.save()
    audit.record(person, "add-word" if is_new else "change-word", f"word {word.pk}", f"{words}: {finds}")
    return word


@transaction.atomic
def remove_word(person: Person, pk: int) -> str:
    """Take words out of the list; they are returned. Http404 where there are none."""
    _allow(person)
    word = CustomWord.objects.select_for_update().filter(pk=pk).first()
    if word is None:
        raise Http404
    audit.record(person, "remove-word", f"word {word.pk}", word.words)
    word.delete()
    return word.words


def _allow(person: Person) -> None:
    if not may_change_rules(person):
        raise PermissionDenied
