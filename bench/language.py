"""How well the language rules tell blaming words from fine ones, and how fast.

Precision and recall are counted on sentences of real write-ups that two readers labelled (bench/truth/language.jsonl,
described in bench/truth/README.md), false alarms on all of the write-ups by a reader's verdicts on found words
(bench/truth/language_read.jsonl), speed on 20 KB of them beside one regular expression.
Bars: "not fine" with precision 0.90 and recall 0.85, false alarms below 1 in 400 sentences, 20 KB in 50 ms.

`--json` prints one JSON object; `--show-tuning` the misses and false alarms of the tuning half (the reserve is
only ever counted); `--sample 100 --seed 1` that many random findings of all write-ups, to be read one by one.
"""

import argparse
import hashlib
import json
import os
import random
import re
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.language_scoring import FINE, HALVES, NOT_FINE, Found, Label, Reading, kappa, read, rules_at, score
from bench.sentences import sentences

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
LABELS = Path(__file__).parent / "truth" / "language.jsonl"
VERDICTS = Path(__file__).parent / "truth" / "language_read.jsonl"
PRECISION_BAR, RECALL_BAR = 0.90, 0.85
SENTENCES_PER_ALARM_BAR = 400
SPEED_BAR_MS = 50.0
SPEED_CHARACTERS = 20 * 1024
RUNS = 50
CONTEXT = 160
REFERENCE = re.compile(
    r"\b(?:should have|could have|would have|ought to|failed to|human error|operator error|mistake|accidentally|forgot"
    r"|careless|negligent|sloppy|lazy|incompetent|inadequate|ignored|violated|rushed|obviously|clearly|of course"
    r"|in hindsight|simply|just|easily|caused by|broke)\b",
    re.IGNORECASE,
)
NOTES = [
    "The tuning half may have been looked at while rules were written: its figures, and those of the whole, flatter; "
    "the reserve half is the fairer one.",
    "The labelled sentences hold far more blaming and tempting ones than write-ups do: precision on them says how well "
    "the two are told apart, not what part of the findings on a usual page is right.",
    "On all write-ups, found words in tables and front matter count as findings while the sentences there are not "
    "counted, so that the rate of false alarms is rather too high than too low.",
]


def main() -> None:
    """Prints the figures, or the findings asked for."""
    arguments = _arguments()
    if not DATA.is_dir():
        reason = "needs ../shared/data (test data), which is not beside this checkout"
        print(json.dumps({"skipped": reason}) if arguments.json else f"Skipped: {reason}.")
        return
    _start()
    texts = {path.relative_to(DATA).as_posix(): path.read_text() for path in _files()}
    labels = read_labels(LABELS, texts)
    findings = {file: _found(file, text) for file, text in texts.items()}
    if arguments.sample:
        _print_sample([found for each in findings.values() for found in each], texts, arguments)
        return
    rules = [rules_at(label, findings[label.file]) for label in labels]
    if arguments.show_tuning:
        _print_tuning(labels, rules, texts)
        return
    figures = _figures(labels, rules, findings, texts)
    if arguments.json:
        print(json.dumps(figures))
        return
    _print_table(figures)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.language", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--show-tuning", action="store_true", help="misses and false alarms of the tuning half")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="N random findings of all write-ups")
    parser.add_argument("--seed", type=int, default=1, help="of the random findings")
    return parser.parse_args()


def _start() -> None:
    """The rules need no database, but the rule book they read stands beside the models."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def _files() -> list[Path]:
    return [path for folder in ("reviews", "summaries") for path in sorted((DATA / folder).glob("*.md"))]


def read_labels(path: Path, texts: dict[str, str]) -> list[Label]:
    """The labels, each checked against the sentence that was read. Ends the program where the text is another."""
    labels = []
    for row in _rows(path):
        sentence = texts.get(row["file"], "")[row["start"] : row["end"]]
        if hashlib.sha256(sentence.encode()).hexdigest()[:12] != row["sha"]:
            raise SystemExit(f"{row['file']}: the sentence at {row['start']} is not the one that was labelled.")
        rules = frozenset(row["label"]) - {FINE}
        labels.append(Label(row["file"], row["start"], row["end"], row["half"], rules))
    return labels


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()] if path.exists() else []


def _found(file: str, text: str) -> list[Found]:
    """What the rules find in a whole write-up, so that each sentence is judged where it stands."""
    from reviews.checker.language import check_text

    return [
        Found(file, finding.start, finding.end, finding.rule)
        for finding in check_text(text)
        if finding.start is not None and finding.end is not None
    ]


def _figures(
    labels: list[Label], rules: list[frozenset[str]], findings: dict[str, list[Found]], texts: dict[str, str]
) -> dict[str, Any]:
    every = [found for each in findings.values() for found in each]
    count = sum(len(sentences(text)) for text in texts.values())
    return {
        "benchmark": "language",
        "labelled_sentences": len(labels),
        "labelled_not_fine": sum(bool(label.rules) for label in labels),
        "readers": _readers(),
        "scores": {half: _scores(labels, rules, half) for half in [*HALVES, "whole"]},
        "corpus": _corpus(read(every, _rows(VERDICTS), count), len(texts)),
        "speed": measure_speed("\n".join(texts.values())[:SPEED_CHARACTERS]),
        "notes": NOTES,
    }


def _readers() -> dict[str, Any]:
    """How far the two readers agreed on fine or not fine, before their disagreements were settled."""
    rows = _rows(LABELS)
    first, second = ([FINE not in row[reader] for row in rows] for reader in ("first", "second"))
    agreed = sum(a == b for a, b in zip(first, second, strict=True))
    return {"agreed": agreed, "of": len(rows), "kappa": round(kappa(first, second), 3)}


def _scores(labels: list[Label], rules: list[frozenset[str]], half: str) -> dict[str, dict[str, Any]]:
    chosen = [pair for pair in zip(labels, rules, strict=True) if half in {pair[0].half, "whole"}]
    scored = score([label for label, _ in chosen], [found for _, found in chosen])
    return {name: result.figures() for name, result in scored.items()}


def _corpus(reading: Reading, files: int) -> dict[str, Any]:
    return {
        "files": files,
        "sentences": reading.sentences,
        "findings": reading.findings,
        "findings_per_400_sentences": round(400 * reading.findings / reading.sentences, 2),
        "findings_read": reading.read,
        "false_alarms_among_them": reading.false_alarms,
        "false_alarms_per_400_sentences": _per_400(reading.per_sentence),
        "upper_95_percent": _per_400(reading.upper),
    }


def _per_400(per_sentence: float | None) -> float | None:
    return None if per_sentence is None else round(SENTENCES_PER_ALARM_BAR * per_sentence, 2)


def measure_speed(text: str) -> dict[str, float | int]:
    """Milliseconds for one text on one core, after a first call that reads the lexicons; and one alternation's.

    No text is checked twice, as its answer might be remembered: every run has its own number at the end of each line.
    """
    from reviews.checker.language import check_text

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    check_text(text)
    ours, reference = [], []
    for run in range(RUNS):
        fresh = text.replace("\n", f" {run}\n")
        ours.append(_milliseconds(partial(check_text, fresh)))
        reference.append(_milliseconds(partial(REFERENCE.findall, fresh)))
    return {
        "characters": len(text),
        "runs": RUNS,
        "median_ms": round(statistics.median(ours), 2),
        "p95_ms": round(statistics.quantiles(ours, n=20)[-1], 2),
        "one_alternation_median_ms": round(statistics.median(reference), 2),
    }


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _print_table(figures: dict[str, Any]) -> None:
    total, bad = figures["labelled_sentences"], figures["labelled_not_fine"]
    readers = figures["readers"]
    print(f"{total} labelled sentences, {bad} not fine, {total - bad} fine.")
    print(f"Two readers agreed on {readers['agreed']} of {readers['of']} (Cohen's kappa {readers['kappa']}).")
    for half, scores in figures["scores"].items():
        print(f"{half:<28}{'labelled':>9}{'found':>7}{'both':>6}{'precision':>11}{'recall':>8}{'F1':>7}")
        for name, row in scores.items():
            ratios = "".join(f"{_shown(row[key]):>{width}}" for key, width in _RATIOS)
            print(f"  {name:<26}{row['labelled']:>9}{row['found']:>7}{row['both']:>6}{ratios}")
    for half in ("whole", "reserve"):
        row = figures["scores"][half][NOT_FINE]
        met = (row["precision"] or 0) >= PRECISION_BAR and (row["recall"] or 0) >= RECALL_BAR
        print(f"Bar: precision {PRECISION_BAR}, recall {RECALL_BAR} for not fine, {half}: {_verdict(met)}")
    _print_corpus(figures["corpus"])
    speed = figures["speed"]
    print(
        f"Speed: {speed['characters']} characters in {speed['median_ms']} ms (median of {speed['runs']}), "
        f"95 % within {speed['p95_ms']} ms, one word list {speed['one_alternation_median_ms']} ms. "
        f"Bar {SPEED_BAR_MS:g} ms: {_verdict(speed['p95_ms'] <= SPEED_BAR_MS)}"
    )
    for note in figures["notes"]:
        print(f"Note: {note}")


_RATIOS = [("precision", 11), ("recall", 8), ("f1", 7)]


def _print_corpus(corpus: dict[str, Any]) -> None:
    print(
        f"All {corpus['files']} write-ups: {corpus['sentences']} sentences, {corpus['findings']} findings, "
        f"{corpus['findings_per_400_sentences']} per 400 sentences."
    )
    rate = corpus["false_alarms_per_400_sentences"]
    if rate is None:
        print("  None of the findings was read yet.")
        return
    print(
        f"  {corpus['findings_read']} findings read, {corpus['false_alarms_among_them']} false alarms: "
        f"{rate} per 400 sentences (95 %: up to {corpus['upper_95_percent']}). Bar below 1: {_verdict(rate < 1)}"
    )


def _shown(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.3f}"


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def _print_tuning(labels: list[Label], rules: list[frozenset[str]], texts: dict[str, str]) -> None:
    for label, found in zip(labels, rules, strict=True):
        if label.half != "tuning" or label.rules == found:
            continue
        kind = "miss" if label.rules and not found else "false alarm" if found and not label.rules else "other rule"
        print(f"{kind:<12}{label.file}:{label.start}")
        print(f"   labelled {', '.join(sorted(label.rules)) or FINE}; found {', '.join(sorted(found)) or 'nothing'}")
        print(f"   {' '.join(texts[label.file][label.start : label.end].split())}")


def _print_sample(findings: list[Found], texts: dict[str, str], arguments: argparse.Namespace) -> None:
    chosen = random.Random(arguments.seed).sample(findings, min(arguments.sample, len(findings)))
    for found in chosen:
        text = texts[found.file]
        before = text[max(0, found.start - CONTEXT) : found.start]
        after = text[found.end : found.end + CONTEXT]
        shown = f"{before}>>>{text[found.start : found.end]}<<<{after}"
        print(json.dumps({"file": found.file, "start": found.start, "end": found.end, "rule": found.rule}))
        print(f"   {' '.join(shown.split())}")


if __name__ == "__main__":
    main()
