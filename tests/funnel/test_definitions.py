"""Three definitions of conversion, each counted deal by deal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.funnel.definitions import definition_sentence, definitions
from tests.funnel.rows import STAGES, Row, table_of

Deal = tuple[frozenset[int], frozenset[int], str]
"""Stages entered, those of them from which it fell back, outcome."""
DEALS = st.lists(
    st.tuples(
        st.frozensets(st.integers(0, 2), min_size=1),
        st.frozensets(st.integers(0, 2)),
        st.sampled_from(["won", "lost", "open"]),
    ),
    min_size=1,
    max_size=80,
)


def rows_of(deals: list[Deal]) -> list[Row]:
    rows: list[Row] = []
    for stages, fell, outcome in deals:
        path = sorted(stages)
        onto = [*(STAGES[place] for place in path[1:]), outcome]
        rows += [
            Row(STAGES[place], to, 20_000, 1, back=int(place in fell)) for place, to in zip(path, onto, strict=True)
        ]
    return rows


@given(DEALS)
def test_definition_that_counts_other_deals(deals: list[Deal]) -> None:
    found = definitions(table_of(rows_of(deals)))
    for place, step in enumerate(found):
        entered = [deal for deal in deals if place in deal[0]]
        last = place == len(STAGES) - 1
        strict = sum((outcome == "won") if last else place + 1 in stages for stages, _, outcome in entered)
        reached = [deal for deal in deals if max(deal[0]) >= place or deal[2] == "won"]
        further = sum(max(stages) > place or outcome == "won" for stages, _, outcome in reached)
        onward = [deal for deal in entered if max(deal[0]) > place or deal[2] == "won"]
        first = sum(place not in fell for _, fell, _ in onward)
        assert (step.strict.moved, step.strict.n) == (strict, len(entered))
        assert (step.any.moved, step.any.n) == (further, len(reached))
        assert (step.first.moved, step.first.n) == (first, len(entered))


def test_definition_risk_that_is_not_told() -> None:
    skipping = [Row("Lead", "SQL", 1, 1, 20), Row("Lead", "MQL", 1, 1, 20), Row("Lead", "lost", 1, 1, 60)]
    rest = [Row("MQL", "lost", 2, 1, 20), Row("SQL", "won", 2, 1, 20)]
    lead = definitions(table_of([*skipping, *rest]))[0]
    assert lead.spread == 0.2
    text = definition_sentence(definitions(table_of([*skipping, *rest]))).text
    assert "Lead → MQL by 20.0 points, from 20.0% to 40.0%" in text
    few = definitions(table_of([Row("Lead", "MQL", 1, 1, 29)]))
    assert few[0].spread is None
    assert "Not enough data" in definition_sentence(few).text
    assert definition_sentence(definitions(table_of([]))).text
