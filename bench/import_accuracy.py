"""How much of what real write-ups state the importer finds: each field against the labels of bench/truth/.

Aim per field, where the text states it: at least 90 % right, at most 3 % wrong; a guess is worse than a gap.
`--json` prints one JSON object, `--show` every disagreement; other arguments restrict it to files so named.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from bench import site
from bench.import_scoring import FIELDS, Verdict, judge

DATA = site.ROOT.parent / "shared" / "data"
LABELS = Path(__file__).parent / "truth"
RIGHT_AIM, WRONG_AIM = 90.0, 3.0


def main() -> None:
    """Imports the labelled files into a database of its own and prints the figures."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if not DATA.is_dir():
        reason = "needs ../shared/data (test data), which is not beside this checkout"
        print(json.dumps({"skipped": reason}) if "--json" in sys.argv else f"Skipped: {reason}.")
        return
    labels = [label for label in read_labels(LABELS) if not arguments or any(a in label["file"] for a in arguments)]
    if not labels:
        raise SystemExit("No labelled file is so named.")
    answers = _import(labels)
    verdicts = {label["file"]: judge(label, answers.get(label["file"], {})) for label in labels}
    figures = summary(verdicts)
    if "--json" in sys.argv:
        print(json.dumps({"files": len(labels), "failed": len(labels) - len(answers), **figures}))
        return
    if "--show" in sys.argv:
        _show(labels, answers, verdicts)
    _print_table(figures, len(labels), len(labels) - len(answers))


def read_labels(folder: Path) -> list[dict[str, Any]]:
    """Every label, in the order of the files."""
    return [label for path in sorted(folder.glob("*.yaml")) for label in yaml.safe_load(path.read_text())]


def _import(labels: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the importer says of each file that it took, in a home of its own that is removed afterwards."""
    paths = [str(DATA / label["file"]) for label in labels]
    with site.temporary_home():
        site.manage("migrate", "--verbosity", "0")
        run = subprocess.run(
            [sys.executable, "manage.py", "import_reviews", "--json", *paths],
            cwd=site.ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if run.returncode not in {0, 1}:
        raise SystemExit(f"import_reviews ended with status {run.returncode}.")
    answers = [json.loads(line) for line in run.stdout.splitlines() if line.strip()]
    taken = [answer for answer in answers if answer["status"] != "failed"]
    return {Path(answer["file"]).relative_to(DATA).as_posix(): answer for answer in taken}


def summary(verdicts: dict[str, dict[str, Verdict]]) -> dict[str, dict[str, float]]:
    """Counts per field, and percentages of the files whose text states it."""
    figures = {}
    for field in FIELDS:
        count = Counter(judged[field] for judged in verdicts.values() if field in judged)
        stated = count[Verdict.RIGHT] + count[Verdict.WRONG] + count[Verdict.MISSED]
        figures[field] = {
            "stated": stated,
            **{verdict.value: count[verdict] for verdict in Verdict},
            "right_percent": _percent(count[Verdict.RIGHT], stated),
            "wrong_percent": _percent(count[Verdict.WRONG], stated),
        }
    return figures


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _print_table(figures: dict[str, dict[str, float]], files: int, failed: int) -> None:
    print(f"{files} labelled write-ups, {failed} not imported. Aim: {RIGHT_AIM:g} % right, {WRONG_AIM:g} % wrong.")
    print(f"{'':<16}{'text states it':^39}{'it does not':^18}")
    heads = ["right", "wrong", "missed", "right %", "wrong %", "empty", "invented"]
    print(f"{'field':<16}" + "".join(f"{head:>8}" for head in heads[:5]) + "".join(f"{head:>9}" for head in heads[5:]))
    for field, row in figures.items():
        met = row["right_percent"] >= RIGHT_AIM and row["wrong_percent"] <= WRONG_AIM
        print(
            f"{field:<16}{row['right']:>8}{row['wrong']:>8}{row['missed']:>8}"
            f"{row['right_percent']:>8.1f}{row['wrong_percent']:>8.1f}{row['empty']:>9}{row['invented']:>9}"
            f"{'' if met else '  below the aim'}"
        )


def _show(
    labels: list[dict[str, Any]], answers: dict[str, dict[str, Any]], verdicts: dict[str, dict[str, Verdict]]
) -> None:
    for label in labels:
        file = label["file"]
        for field, verdict in verdicts[file].items():
            if verdict in {Verdict.RIGHT, Verdict.EMPTY}:
                continue
            print(f"{verdict.value:<9}{field:<16}{file}")
            print(f"         stated  {label[field]}")
            print(f"         given   {answers.get(file, {}).get(field)}")


if __name__ == "__main__":
    main()
