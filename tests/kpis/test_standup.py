"""The weekly stand-up: leading indicators only, the worse one first, one action a miss, carried until it is done."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from gtmdiag.engagement.action_log import TeamAction, read_actions, write_actions
from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.errors import InputError
from gtmdiag.instruments.operating_rules import operating_rules
from gtmdiag.kpis import KpiData, KpiWeek
from gtmdiag.kpis.standup import UNNAMED, StandUp, stand_up

MONDAY = date(2026, 11, 2)
RULES = operating_rules()


def kpi(metric: str, team: str = "sales", **changed: object) -> Kpi:
    told = {"kind": "leading", "unit": "count", "threshold": 10.0, "direction": "below", "owner": "VP Sales"}
    return Kpi.model_validate({"metric": metric, "team": team, "action": "Call ten customers.", **told, **changed})


def held(kpis: list[Kpi], today: date = MONDAY, log: tuple[TeamAction, ...] = (), **values: float) -> StandUp:
    """Hold a stand-up where each metric had this value in each of the four weeks before."""
    weeks = {
        name: tuple(KpiWeek(MONDAY - timedelta(weeks=back), value, None) for back in range(4, 0, -1))
        for name, value in values.items()
    }
    return stand_up(kpis, KpiData(weeks, ()), log, RULES, today=today)


def test_lagging_metric_at_the_stand_up() -> None:
    kpis = [
        kpi("calls"),
        kpi("new_arr", kind="lagging"),
        kpi("win rate"),
        kpi("visits", threshold=None, direction=None),
    ]
    week = held(kpis, calls=12.0, visits=1.0, new_arr=1.0)
    assert [one.metric for one in week.indicators] == ["calls"]
    assert week.left_out == ("new_arr", "win rate", "visits")
    assert week.log == ()


def test_worse_indicator_that_stands_beneath_the_better() -> None:
    kpis = [kpi("calls"), kpi("days", direction="above"), kpi("talks", team="cs"), kpi("unknown")]
    week = held(kpis, calls=9.0, days=14.0, talks=50.0)
    assert [(one.metric, one.beneath) for one in week.indicators if one.team == "Sales"] == [
        ("days", False),
        ("calls", True),
        ("unknown", True),
    ]
    assert {one.metric: one.status for one in week.indicators} == {
        "days": "fires",
        "calls": "fires",
        "talks": "met",
        "unknown": "no value",
    }


def test_threshold_that_counts_as_a_miss_or_window_that_is_not_kept() -> None:
    assert held([kpi("calls")], calls=10.0).indicators[0].status == "met"
    assert held([kpi("calls", window=4)], calls=9.9).indicators[0].status == "fires"
    assert held([kpi("calls", window=5)], calls=9.9).indicators[0].status == "miss"


def test_miss_without_owner_action_or_deadline_of_a_week() -> None:
    week = held(
        [kpi("calls", owner="", action="review"), kpi("s1_s3_conversion", action="")], calls=1.0, s1_s3_conversion=1.0
    )
    first, second = week.opened
    assert (first.owner, first.due) == (UNNAMED, MONDAY + timedelta(days=7))
    assert first.action != "review"
    assert second.action == next(rule.action for rule in RULES.kpis if rule.id == "s1_s3_conversion")
    assert sorted(one.action.id for one in week.indicators if one.action) == sorted(one.id for one in week.opened)


def test_action_opened_twice_lost_or_carried_when_done(tmp_path: Path) -> None:
    kpis = [kpi("calls")]
    first = held(kpis, calls=1.0)
    write_actions(tmp_path, first.log)
    assert read_actions(tmp_path).actions == first.log
    again = held(kpis, log=first.log, calls=1.0)
    assert again.log == first.log
    later = held(kpis, today=MONDAY + timedelta(days=8), log=first.log)
    assert later.log == first.log, "no value is no miss"
    assert later.indicators[0].action == first.opened[0], "open until somebody says that it is done"
    assert later.overdue(first.opened[0]) is False
    assert held(kpis, today=MONDAY + timedelta(days=15), log=first.log).overdue(first.opened[0])
    done = tuple(one.model_copy(update={"state": "done"}) for one in first.log)
    assert held(kpis, log=done, calls=1.0).log == done, "closed this week is not opened anew this week"
    next_week = stand_up(
        kpis, KpiData({"calls": (KpiWeek(MONDAY, 1.0, None),)}, ()), done, RULES, today=MONDAY + timedelta(days=7)
    )
    assert [one.opened for one in next_week.log] == ["2026-W45", "2026-W46"]
    free = TeamAction(id="x", opened="2026-W44", action="Tell all", owner="CEO", due=MONDAY)
    assert held(kpis, log=(free,), calls=20.0).carried == (free,)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("opened: 2026-W60", "opened"),
        ("due: soon", "due"),
        ("state: finished", "state"),
        ("owner: ''", "owner"),
    ],
)
def test_fault_in_the_actions_that_is_not_explained(tmp_path: Path, line: str, place: str) -> None:
    key = line.partition(":")[0]
    entry = {"id": "a", "opened": "2026-W44", "action": "Act", "owner": "CEO", "due": "2026-11-09", "state": "open"}
    lines = [line if name == key else f"{name}: {value}" for name, value in entry.items()]
    folder = tmp_path / "standups"
    folder.mkdir()
    (folder / "actions.yaml").write_text("actions:\n  - " + "\n    ".join(lines) + "\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_actions(tmp_path)
    (problem,) = caught.value.problems
    assert place in problem.place
    assert "line" in problem.place


def test_text_of_a_client_that_breaks_the_file_of_actions(tmp_path: Path) -> None:
    nasty = TeamAction(id="a", opened="2026-W44", metric="x: # y", action="'\"}: - [", owner="Ünï: →", due=MONDAY)
    write_actions(tmp_path, (nasty,))
    assert read_actions(tmp_path).actions == (nasty,)
