from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gtmdiag.funnel.coded import Coded
from gtmdiag.funnel.dates import dates, on_the_wall
from gtmdiag.funnel.numbers import read_amounts
from gtmdiag.funnel.parse import MISSING, Reading, read_column

DAYS = st.dates(date(1970, 1, 1), date(2068, 12, 31))


def _dates(*texts: str, order: str | None = None, timezone: str | None = None) -> Reading:
    return read_column(Coded.of(texts), "crm/deals.csv", "Created", dates(timezone), order)


def _amounts(*texts: str, decimal: str | None = None, one_currency: bool = True) -> Reading:
    texts_ = Coded.of(texts)
    return read_amounts(texts_, "crm/deals.csv", "Amount", decimal, one_currency=one_currency)


def _utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05", _utc(2026, 1, 5)),
        ("2026/1/5", _utc(2026, 1, 5)),
        ("2026-01-05T10:30:15Z", _utc(2026, 1, 5, 10, 30, 15)),
        ("2026-01-05 10:30:15.123456", _utc(2026, 1, 5, 10, 30, 15)),
        ("2026-01-05T00:30:00+02:00", _utc(2026, 1, 4, 22, 30)),
        ("2026-01-05T00:30:00.000-0500", _utc(2026, 1, 5, 5, 30)),
        ("25.12.2026 8:05", _utc(2026, 12, 25, 8, 5)),
        ("12/25/26 12:05 AM", _utc(2026, 12, 25, 0, 5)),
        ("12/25/99, 12:05 pm", _utc(1999, 12, 25, 12, 5)),
        ("5/5/2026", _utc(2026, 5, 5)),
    ],
)
def test_a_date_that_reads_in_one_way_is_read(text: str, expected: int) -> None:
    reading = _dates(text)
    assert not reading.problems
    assert reading.values.tolist() == [expected]


def test_one_value_decides_the_order_of_the_whole_column() -> None:
    assert _dates("01/05/2026", "13/05/2026").values.tolist() == [_utc(2026, 5, 1), _utc(2026, 5, 13)]
    assert _dates("01/05/2026", "05/13/2026").values.tolist() == [_utc(2026, 1, 5), _utc(2026, 5, 13)]


@pytest.mark.parametrize(
    "texts",
    [
        ("01/05/2026", "02/05/2026"),
        ("13/05/2026", "05/13/2026"),
        ("2026-05-13", "13/05/2026"),
        ("26-01-05", "26-02-07"),
    ],
    ids=["undecided", "contradiction", "two forms", "year first or last"],
)
def test_an_undecidable_order_is_refused_and_asked_for(texts: tuple[str, ...]) -> None:
    reading = _dates(*texts)
    assert "date_order" in reading.problems[0].remedy
    assert (reading.values == MISSING).all()


def test_date_order_settles_what_the_column_leaves_open_and_nothing_else() -> None:
    assert _dates("01/05/2026", order="mdy").values.tolist() == [_utc(2026, 1, 5)]
    assert _dates("13/05/2026", order="mdy").values.tolist() == [_utc(2026, 5, 13)]
    clash = _dates("13/05/2026", "05/13/2026", order="dmy")
    assert clash.values.tolist() == [_utc(2026, 5, 13), MISSING]
    assert clash.unread is not None
    assert clash.unread.values == (("05/13/2026", 1),)


def test_unread_dates_are_counted_and_listed_most_frequent_first() -> None:
    reading = _dates("2026-01-05", "soon", "31/02", "soon", "", "2026-02-30", "2026-01-01 25:00", "9999-12-31")
    assert reading.unread is not None
    assert reading.unread.n == 6
    assert reading.unread.values[0] == ("soon", 2)
    assert (reading.values == MISSING).sum() == 7


def test_a_column_without_one_readable_value_is_refused() -> None:
    assert _dates("soon", "later").problems
    assert _amounts("n/a", "tbd").problems
    assert not _dates("", "").problems


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m/%d/%y"]), st.lists(DAYS, max_size=20))
def test_no_date_is_ever_read_in_the_wrong_order(deciding: date, form: str, others: list[date]) -> None:
    assume(deciding.day > 12)
    days = [*others, deciding]
    reading = _dates(*(day.strftime(form) for day in days))
    assert not reading.problems
    assert reading.values.tolist() == [_utc(day.year, day.month, day.day) for day in days]


@given(st.lists(st.text(max_size=30), max_size=10))
def test_no_text_breaks_the_parsers(texts: list[str]) -> None:
    for reading in (_dates(*texts), _amounts(*texts)):
        assert len(reading.values) == len(texts)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1.234.567", 123_456_700),
        ("1 234,5", 123_450),
        ("1\u202f234\u00a0567,50 €", 123_456_750),
        ("1'234.50 CHF", 123_450),
        ("$99", 9_900),
        ("US$ 1,234.00", 123_400),
        ("-$5.25", -525),
        ("(120.00)", -12_000),
        ("120-", -12_000),
        ("\u2212120", -12_000),
        ("12,34,567.00", 123_456_700),
        (".5", 50),
        ("0.125", 12),
        ("007", 700),
    ],
)
def test_an_amount_that_reads_in_one_way_is_read(text: str, cents: int) -> None:
    reading = _amounts(text)
    assert not reading.problems
    assert reading.values.tolist() == [cents]


def test_one_value_decides_the_decimal_sign_of_the_whole_column() -> None:
    assert _amounts("1,234", "1,234.50").values.tolist() == [123_400, 123_450]
    assert _amounts("1,234", "1.234,50").values.tolist() == [123, 123_450]


def test_an_undecidable_decimal_sign_is_refused_and_asked_for() -> None:
    assert "decimal" in _amounts("1,234", "100").problems[0].remedy
    assert "decimal" in _amounts("1.234,50", "1,234.50").problems[0].remedy
    assert _amounts("1,234", "100", decimal=",").values.tolist() == [123, 10_000]
    assert _amounts("1,234", "100", decimal=".").values.tolist() == [123_400, 10_000]


@pytest.mark.parametrize("text", ["1000000000001", "-1e13", "9" * 40], ids=["above", "exponent", "huge"])
def test_an_amount_above_a_million_millions_is_refused(text: str) -> None:
    reading = _amounts(text, "5")
    assert reading.problems or reading.unread
    assert not _amounts("1000000000000").problems


def test_amounts_whose_sum_would_overflow_are_refused() -> None:
    assert "sum" in _amounts(*["999999999999"] * 50_000).problems[0].found


def test_amounts_in_two_currencies_without_a_currency_column_are_refused() -> None:
    assert "currenc" in _amounts("€ 5", "$ 5").problems[0].remedy
    assert not _amounts("€ 5", "$ 5", one_currency=False).problems


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1), st.sampled_from([".", ","]))
def test_grouped_amounts_with_cents_are_read_exactly(cents: list[int], decimal: str) -> None:
    def written(value: int) -> str:
        text = f"{'-' if value < 0 else ''}{abs(value) // 100:,}.{abs(value) % 100:02}"
        return text if decimal == "." else text.translate(str.maketrans(".,", ",."))

    assert _amounts(*map(written, cents)).values.tolist() == cents


def test_times_with_an_offset_become_what_the_clients_clocks_show() -> None:
    texts = ("2026-03-28T23:30:00Z", "2026-03-29T01:30:00Z", "2026-06-01 10:00", "2026-06-01T10:00-04:00")
    shown = ("2026-03-29 00:30", "2026-03-29 03:30", "2026-06-01 10:00", "2026-06-01 16:00")
    assert _dates(*texts, timezone="Europe/Berlin").values.tolist() == _dates(*shown).values.tolist()


@given(st.integers(0, 6 * 3600), st.integers(0, 6 * 3600))
def test_no_clock_change_turns_the_order_of_two_times(first: int, second: int) -> None:
    for day, zone in (("2026-10-25T00:00:00", "Europe/Berlin"), ("2026-04-04T13:00:00", "Australia/Lord_Howe")):
        start = datetime.fromisoformat(day).replace(tzinfo=UTC)
        texts = [(start + timedelta(seconds=seconds)).isoformat() for seconds in sorted((first, second))]
        early, late = _dates(*texts, timezone=zone).values.tolist()
        assert early <= late


@given(
    st.lists(st.integers(-(10**9), 4 * 10**9), max_size=20),
    st.sampled_from(["Europe/Paris", "Africa/Monrovia", "Asia/Gaza"]),
)
def test_the_wall_clock_of_many_times_is_that_of_each(seconds: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    for second, shown in zip(seconds, on_the_wall(np.array(seconds, dtype=np.int64), zone).tolist(), strict=True):
        local = datetime.fromtimestamp(second, zone)
        assert local.fold or shown == int(local.replace(tzinfo=UTC).timestamp())
