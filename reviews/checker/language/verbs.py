"""Verbs: their forms and their groups, from lexicon/verbs.yaml."""

from functools import cache

from .lexicon import entries, words

_VOWELS = "aeiou"


@cache
def _irregular() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in words("verbs", "irregular"):
        parts = entry.split("-")
        third = len(parts) // 3
        base, past, participle = ("-".join(parts[at : at + third]) for at in (0, third, 2 * third))
        found.setdefault(base, []).append((past, participle))
    return found


@cache
def verb_forms() -> dict[str, tuple[str, frozenset[str]]]:
    """From a form of a known verb to its base and what the form may be: "base", "past", "participle", "present"
    (he breaks) or "ing".
    """
    found: dict[str, tuple[str, set[str]]] = {}
    known = set(_irregular()).union(*(words_of(group) for group in entries("verbs")["groups"]))
    for base in sorted(known):
        regular = [(past, past) for past in _regular_pasts(base)]
        for form, tense in [
            (base, "base"),
            *((form, "past") for form, _ in _irregular().get(base, regular)),
            *((form, "participle") for _, form in _irregular().get(base, regular)),
            (_third_person(base), "present"),
            *((form, "ing") for form in _ings(base)),
        ]:
            found.setdefault(form, (base, set()))[1].add(tense)
    return {form: (base, frozenset(tenses)) for form, (base, tenses) in found.items()}


@cache
def words_of(group: str) -> frozenset[str]:
    """The bases of a group of verbs."""
    return frozenset(entries("verbs")["groups"][group].split())


@cache
def irregular_pasts() -> frozenset[str]:
    """Forms that can be nothing but a verb in the past: "broke", "went"."""
    nouns = {
        "thought",
        "cut",
        "hit",
        "set",
        "put",
        "let",
        "shut",
        "read",
        "run",
        "left",
        "felt",
        "found",
        "saw",
        "lead",
        "led",
        "shot",
    }
    pairs = (past for forms in _irregular().values() for past, _ in forms)
    return frozenset(past for past in pairs if past not in nouns) | {"led", "found", "felt"}


@cache
def irregular_participles() -> frozenset[str]:
    """Participles that do not end in -ed."""
    return frozenset(participle for forms in _irregular().values() for _, participle in forms)


def lemma(word: str) -> str:
    """The base of a form of a known verb, else the word itself."""
    known = verb_forms().get(word)
    return known[0] if known else word


def is_form(word: str, *tenses: str) -> bool:
    """Whether `word` is a form of a known verb in one of these tenses."""
    known = verb_forms().get(word)
    return known is not None and not known[1].isdisjoint(tenses)


def is_participle(word: str) -> bool:
    """Whether `word` may follow "have"."""
    return (word.endswith("ed") and len(word) > 3) or word in irregular_participles()


@cache
def forms_of(group: str, *tenses: str) -> frozenset[str]:
    """The forms in these tenses of the verbs of a group."""
    bases = words_of(group)
    return frozenset(form for form, (base, has) in verb_forms().items() if base in bases and not has.isdisjoint(tenses))


def _regular_pasts(base: str) -> list[str]:
    if base.endswith("e"):
        return [base + "d"]
    if base.endswith("y") and base[-2] not in _VOWELS:
        return [base[:-1] + "ied"]
    return [base + "ed", base + base[-1] + "ed"] if _may_double(base) else [base + "ed"]


def _may_double(base: str) -> bool:
    """Whether its last letter may be written twice: "plug", "format". Where it is not, the form never occurs."""
    return len(base) > 2 and base[-1] not in _VOWELS + "wxy" and base[-2] in _VOWELS and base[-3] not in _VOWELS


def _third_person(base: str) -> str:
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s")


def _ings(base: str) -> list[str]:
    if base.endswith("e") and not base.endswith("ee") and base != "be":
        return [base[:-1] + "ing"]
    return [base + "ing", base + base[-1] + "ing"] if _may_double(base) else [base + "ing"]
