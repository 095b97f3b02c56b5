"""`make bench`: every benchmark, a table on stdout and JSON in DEBRIEF_HOME/bench/."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = [
    "page",
    "coediting",
    "findings",
    "first_input",
    "import_speed",
    "import_accuracy",
    "language",
    "checker",
    "similar",
    "typos",
    "search",
    "board",
    "trends",
    "start",
]


def main() -> None:
    """Runs them one after the other; one that cannot run says why and does not stop the rest."""
    results = Path(os.environ.get("DEBRIEF_HOME") or ROOT / "var") / "bench"
    results.mkdir(parents=True, exist_ok=True)
    for name in BENCHMARKS:
        print(f"== {name}", flush=True)
        run = subprocess.run(
            [sys.executable, "-m", f"bench.{name}", "--json"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
        if run.returncode:
            print(f"   no figure (status {run.returncode})")
            continue
        figures = json.loads(run.stdout)
        (results / f"{name}.json").write_text(json.dumps(figures, indent=1))
        for key, value in figures.items():
            print(f"   {key:<28} {value}")


if __name__ == "__main__":
    main()
