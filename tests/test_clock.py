"""The clock, which the environment may set."""

from __future__ import annotations

from datetime import date

import pytest

from gtmdiag import clock


@pytest.mark.parametrize(
    ("epoch", "day"),
    [("0", date(1970, 1, 1)), ("1793491200", date(2026, 11, 1)), ("1793491199", date(2026, 10, 31))],
)
def test_day_that_the_environment_sets_is_not_today(monkeypatch: pytest.MonkeyPatch, epoch: str, day: date) -> None:
    monkeypatch.setenv(clock.VARIABLE, epoch)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert clock.today() == day


@pytest.mark.parametrize("epoch", ["", "-1", "1.5", "soon", "٣", " 1", "999999999999", "9" * 5000])
def test_value_that_is_no_time_stops_the_clock(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv(clock.VARIABLE, epoch)
    before = date.today()
    assert before <= clock.today() <= date.today()
