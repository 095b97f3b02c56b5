"""The statistics of trends equal those that pandas reckons from the files of an export."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accounts.models import Person
from learning.trends.counting import count
from learning.trends.selection import INTERVALS, Narrowing, Selection
from learning.trends.span import asked_span
from reviews.portable.exporting import export_all

pytestmark = pytest.mark.django_db

ZONE = "America/New_York"


@pytest.fixture
def exported(demo: date, tmp_path: Path) -> pd.DataFrame:
    """A row for each published review of the demo, with its intervals in seconds."""
    export_all(tmp_path / "export", "json")
    documents = [json.loads(file.read_text()) for file in sorted((tmp_path / "export").glob("*.json"))]
    frame = pd.DataFrame([_row(one) for one in documents if one["status"] in ("published", "archived")])
    local = frame["began"].dt.tz_convert(ZONE)
    frame["quarter"] = local.dt.year.astype(str) + "-Q" + local.dt.quarter.astype(str)
    frame["hour"] = 24 * local.dt.dayofweek + local.dt.hour
    return frame


def _row(document: dict[str, Any]) -> dict[str, Any]:
    def first(kind: str) -> Any:
        times = [pd.Timestamp(one["at"]) for one in document["events"] if one["kind"] == kind]
        return min(times) if times else pd.NaT

    def stated(name: str, kind: str) -> Any:
        at = document["stated"].get(f"{name}_at")
        return pd.Timestamp(at) if at else first(kind)

    began = pd.Timestamp(document["occurred_at"])
    start = first("signal") if document["occurred_is_date"] else began
    detected, responded = stated("detected", "detection"), stated("responded", "response")
    lengths = {
        "detect": detected - start,
        "respond": responded - detected,
        "mitigate": stated("mitigated", "mitigation") - start,
        "resolve": stated("resolved", "resolution") - start,
    }
    return {
        "began": began,
        "is_date": document["occurred_is_date"],
        "severity": document["severity"],
        "detected_by": document["detected_by"],
        "services": [one["slug"] for one in document["services"]],
        "causes": [one["slug"] for one in document["causes"]],
        **{name: length.total_seconds() for name, length in lengths.items()},
    }


def test_counts_and_spreads_are_those_of_pandas(exported: pd.DataFrame, settings: Any) -> None:
    settings.TIME_ZONE = ZONE
    everyone = Person.objects.get(username="admin")
    span = asked_span({"from": "2024-Q1", "to": "2027-Q4"}, date(2026, 11, 1)).span
    counts = count(Selection(everyone, span, Narrowing()))

    assert counts.total.now == len(exported) > 10
    assert counts.steps == exported["quarter"].value_counts().to_dict()
    assert counts.hours == exported.loc[~exported["is_date"], "hour"].value_counts().to_dict()
    assert {key: pair.now for key, pair in counts.severities.items()} == exported["severity"].value_counts().to_dict()
    assert {key: pair.now for key, pair in counts.detected.items()} == exported["detected_by"].value_counts().to_dict()
    by_key = {
        "causes": (counts.causes, "catalog.CauseCategory"),
        "services": (counts.services, "catalog.Service"),
    }
    for column, (pairs, model) in by_key.items():
        found = {_slug(model, key): pair.now for key, pair in pairs.items()}
        assert found == exported[column].explode().dropna().value_counts().to_dict()
    for name in INTERVALS:
        known = exported.loc[exported[name] >= 0, name]
        spread = counts.lengths[name].now
        assert spread.count == len(known)
        assert spread.median == pytest.approx(known.median())
        assert spread.p90 == pytest.approx(known.quantile(0.9))
        of_quarters = exported.loc[exported[name] >= 0].groupby("quarter")[name].median().to_dict()
        assert {step: one.median for step, one in counts.lengths[name].steps.items()} == pytest.approx(of_quarters)


def _slug(model: str, key: int) -> str:
    from django.apps import apps

    return str(apps.get_model(model).objects.get(pk=key).slug)
