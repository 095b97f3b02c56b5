"""All real write-ups of ../shared/data imported and published, and each source given back byte for byte.

Bar: no failure, every source identical, under 30 s. The reference of the same run is reading and hashing the files.
"""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

from bench import site

FOLDERS = [site.ROOT.parent / "shared" / "data" / name for name in ("reviews", "summaries")]
BAR_SECONDS = 30.0


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    if not all(folder.is_dir() for folder in FOLDERS):
        reason = "needs ../shared/data (test data), which is not beside this checkout"
        print(json.dumps({"skipped": reason}) if "--json" in sys.argv else f"Skipped: {reason}.")
        return
    with site.temporary_home():
        site.manage("migrate", "--verbosity", "0")
        figures = _measure()
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print(f"Imported and published {figures['imported']} of {figures['files']} files, {figures['failed']} failed")
    print(f"  sources given back byte for byte  {figures['identical']}")
    print(f"  seconds  {figures['seconds']:.1f}  (bar {BAR_SECONDS:.0f}: {'met' if figures['met'] else 'MISSED'})")
    print(f"  reading and hashing the same files  {figures['reference_seconds']:.3f} s")
    print(f"  the same files again: {figures['unchanged_again']} unchanged")


def _measure() -> dict[str, object]:
    began = time.perf_counter()
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for folder in FOLDERS for path in _files(folder)]
    reference = time.perf_counter() - began
    began = time.perf_counter()
    statuses = _import()
    seconds = time.perf_counter() - began
    again = _import()
    identical = _identical(set(digests))
    return {
        "benchmark": "import_speed",
        "files": len(digests),
        "imported": statuses.count("imported"),
        "failed": statuses.count("failed"),
        "identical": identical,
        "unchanged_again": again.count("unchanged"),
        "seconds": round(seconds, 2),
        "reference_seconds": round(reference, 4),
        "bar": BAR_SECONDS,
        "met": seconds < BAR_SECONDS and statuses.count("imported") == identical == len(digests),
    }


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.md") if path.is_file())


def _import() -> list[str]:
    command = [sys.executable, "manage.py", "import_reviews", "--publish", "--json", *map(str, FOLDERS)]
    run = subprocess.run(command, cwd=site.ROOT, stdout=subprocess.PIPE, text=True, check=False)
    return [json.loads(line)["status"] for line in run.stdout.splitlines()]


def _identical(digests: set[str]) -> int:
    """How many stored sources hash to the digest of a file; read back from the database, not from what was sent."""
    import django

    django.setup()
    from reviews.models import ImportedSource

    contents = ImportedSource.objects.values_list("content", flat=True)
    return sum(hashlib.sha256(bytes(content)).hexdigest() in digests for content in contents.iterator())


if __name__ == "__main__":
    main()
