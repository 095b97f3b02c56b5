"""Many lines pasted at once."""

from datetime import UTC, date, datetime

from timeline.pasted import MOST_LINES, kind_of, read_paste

DAY = date(2026, 3, 14)


def test_each_line_becomes_an_event_and_lines_without_a_time_belong_to_the_one_above() -> None:
    lines = read_paste(
        "14:03 alert fired\n    on three hosts\n\n- 14:10 rolled back\n14:20 UTC resolved", day=DAY, zone="UTC"
    )
    assert [line.text for line in lines] == ["alert fired\non three hosts", "rolled back", "resolved"]
    assert [line.kind for line in lines] == ["detection", "mitigation", "resolution"]
    assert lines[0].at == datetime(2026, 3, 14, 14, 3, tzinfo=UTC)


def test_a_day_alone_counts_for_the_lines_below() -> None:
    lines = read_paste("## 15 March 2026\n23:50 one\n00:10 two\n2026-03-20\n09:00 three", day=DAY, zone="UTC")
    assert [line.at and line.at.day for line in lines] == [15, 16, 20]


def test_problems_stand_on_their_lines_and_spare_the_others() -> None:
    lines = read_paste("no time here\n25:00 what\n2026-02-30 10:00 x\n14:03\n14:04 fine", day=DAY, zone="UTC")
    assert [bool(line.problem) for line in lines] == [True, True, True, True, False]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]


def test_lines_without_a_day_say_so() -> None:
    (line,) = read_paste("14:03 alert", day=None, zone="UTC")
    assert "no date" in line.problem


def test_one_paste_has_an_end() -> None:
    lines = read_paste("14:03 alert\n" * (MOST_LINES + 40), day=DAY, zone="UTC")
    assert len(lines) == MOST_LINES + 1
    assert lines[-1].problem


def test_odd_characters_break_nothing() -> None:
    assert read_paste("\x00\x0b\x1c 14:03\u2028x\n" * 3, day=DAY, zone="UTC") is not None


def test_words_suggest_a_kind() -> None:
    assert kind_of("Alert fired for pool use") == "detection"
    assert kind_of("Tea") == "note"
