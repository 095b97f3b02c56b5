"""What is kept is given again, within bounds."""

from wiki.kept import Kept


def test_the_same_key_is_made_once() -> None:
    kept, made = Kept(100), []
    for _ in range(3):
        assert kept.get("a", lambda: made.append(1) or ["text"]) == ["text"]
    assert len(made) == 1


def test_another_key_is_made_anew() -> None:
    kept = Kept(100)
    kept.get(("a", 1), lambda: ["old"])
    assert kept.get(("a", 2), lambda: ["new"]) == ["new"]


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = Kept(16)
    for name in ("a", "b", "a", "c"):
        kept.get(name, lambda: ["12345"])
    assert kept.get("a", lambda: ["made anew"]) == ["12345"]
    assert kept.get("b", lambda: ["made anew"]) == ["made anew"]


def test_a_text_larger_than_everything_is_given_but_not_kept() -> None:
    kept = Kept(3)
    assert kept.get("a", lambda: ["too long"]) == ["too long"]
    assert kept.get("a", lambda: ["again"]) == ["again"]


def test_keys_take_room_as_well() -> None:
    kept = Kept(100)
    kept.get("short", lambda: ["text"])
    kept.get("k" * 200, lambda: ["text"])
    assert kept.get("short", lambda: ["made anew"]) == ["made anew"]
