"""Draw a company's deals from the true shares of its funnel, and write them as a CRM would export them."""

from __future__ import annotations

import csv
import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import NormalDist

from data_samples.company import Company, Funnel, Segment, Stay

WON, LOST = "Closed Won", "Closed Lost"


@dataclass(frozen=True)
class Deal:
    """A deal as it stands at the as-of date; ``moves`` are the stages it entered, closing included."""

    id: str
    segment: str
    owner: str
    amount: int | None
    lost_reason: str
    moves: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class StageCount:
    """Deals that entered a stage; of these, those that went on (to won, from the last stage), were lost, are open."""

    entered: int
    advanced: int
    lost: int
    open: int


@dataclass(frozen=True)
class ExportTruth:
    """What is true of the funnel and of its files: ``goes_on`` are true shares, the rest are counts of the files."""

    leak: str
    goes_on: dict[str, float]
    deals: int
    won: int
    lost: int
    open: int
    won_amount: int
    lost_amount: int
    open_amount: int
    without_owner: int
    without_amount: int
    stages: dict[str, StageCount]


class Draws:
    """All chance comes from ``random()``: of the generator's methods, only its course is promised to stay the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def unit(self) -> float:
        """Return a number above 0 and below 1."""
        return max(self._random.random(), 1e-12)

    def happens(self, share: float) -> bool:
        """Draw whether something of this probability happens."""
        return self.unit() < share

    def one_of(self, options: Sequence[str]) -> str:
        """Draw one of several, all alike."""
        return options[int(self.unit() * len(options))]

    def normal(self) -> float:
        """Draw from the standard normal distribution."""
        return NormalDist().inv_cdf(self.unit())

    def days(self, stay: Stay) -> float:
        """Draw days in a stage."""
        if stay.sigma is None:
            return stay.median * -math.log2(self.unit())
        return stay.median * math.exp(stay.sigma * self.normal())

    def segment(self, segments: Sequence[Segment]) -> Segment:
        """Draw a segment by the shares."""
        left = self.unit()
        for segment in segments[:-1]:
            left -= segment.share
            if left < 0:
                return segment
        return segments[-1]


def draw_deals(funnel: Funnel, as_of: date) -> tuple[Deal, ...]:
    """Return the company's deals in the order in which they arrived."""
    draws = Draws(funnel.seed)
    length = (as_of - funnel.first_day).days + 1
    arrivals = sorted(length * draws.unit() ** 0.9 for _ in range(funnel.leads))
    return tuple(
        _deal(f"{funnel.prefix}-{n:05}", arrived, funnel, as_of, draws) for n, arrived in enumerate(arrivals, start=1)
    )


def _deal(deal_id: str, arrived: float, funnel: Funnel, as_of: date, draws: Draws) -> Deal:
    moves, lost_reason = _course(arrived, funnel, draws)
    seen = tuple(move for move in moves if move[1].date() <= as_of)
    segment = draws.segment(funnel.segments)
    # Its mean is the list price, so that a lead's expected amount is a fair one.
    price = segment.list_price * math.exp(funnel.price_sigma * draws.normal() - funnel.price_sigma**2 / 2)
    priced = any(stage == funnel.priced_from for stage, _ in seen)
    amount = round(price if priced else segment.list_price, -2)
    return Deal(
        id=deal_id,
        segment=segment.name,
        owner="" if draws.happens(funnel.no_owner) else draws.one_of(funnel.owners),
        amount=None if draws.happens(funnel.no_amount) else int(amount),
        lost_reason=lost_reason if seen[-1][0] == LOST else "",
        moves=seen,
    )


def _course(arrived: float, funnel: Funnel, draws: Draws) -> tuple[list[tuple[str, datetime]], str]:
    """Return every move of a deal to its end, whenever that will be, and why it is lost."""
    moves: list[tuple[str, datetime]] = []
    day = arrived
    for stage in funnel.stages:
        moves.append((stage.name, _office_time(funnel.first_day, day)))
        if not draws.happens(stage.goes_on):
            day += draws.days(stage.until_lost)
            moves.append((LOST, _office_time(funnel.first_day, day)))
            return moves, draws.one_of(stage.reasons)
        day += draws.days(stage.until_on)
    return [*moves, (WON, _office_time(funnel.first_day, day))], ""


def _office_time(monday: date, day: float) -> datetime:
    """Return a working day's time between 8 and 18 h: a week's seven days are pressed, in order, into its five."""
    week, in_week = divmod(day, 7)
    working_day, passed = divmod(in_week * 5 / 7, 1)
    start = datetime.combine(monday, time(8))
    return start + timedelta(days=7 * week + working_day, minutes=int(600 * passed))


def history_csv(deals: Sequence[Deal], funnel: Funnel) -> bytes:
    """Return the stage history; the rows of a few long deals stand in reverse."""
    rows: list[tuple[str, ...]] = [("deal_id", "stage", "entered_at")]
    longest = sorted(deals, key=lambda deal: (-len(deal.moves), deal.id))
    reversed_ids = {deal.id for deal in longest[: funnel.out_of_order]}
    for deal in deals:
        moves = reversed(deal.moves) if deal.id in reversed_ids else deal.moves
        rows += [(deal.id, stage, f"{entered:%Y-%m-%d %H:%M}") for stage, entered in moves]
    return _csv(rows)


def deals_csv(deals: Sequence[Deal]) -> bytes:
    """Return the table of deals."""
    rows: list[tuple[str, ...]] = [("deal_id", "created", "amount", "owner", "segment", "lost_reason")]
    for deal in deals:
        amount = "" if deal.amount is None else str(deal.amount)
        rows.append((deal.id, f"{deal.moves[0][1]:%Y-%m-%d}", amount, deal.owner, deal.segment, deal.lost_reason))
    return _csv(rows)


def crm_yaml(company: Company, funnel: Funnel) -> bytes:
    """Return crm.yaml for the two tables."""
    roles = "\n".join(f"  {stage.role}: {stage.name}" for stage in funnel.stages)
    about_handoffs, handoff = "Who hands over to whom.", "marketing → sales"
    if funnel.sla_hours is not None:
        about_handoffs = "Who hands over to whom, and within how many business hours a deal is to be taken up."
        handoff = f"{{from: marketing, to: sales, sla_hours: {funnel.sla_hours}}}"
    text = f"""\
# How to read the CRM export: one row for each stage that a deal entered, and one row a deal in a second table.
shape: history
file: stage_history.csv
deals: deals.csv

# Columns by what they mean, exactly as in the header.
columns:
  deal: deal_id
  stage: stage
  entered_at: entered_at
  created_at: created
  amount: amount
  owner: owner
  segment: segment
  lost_reason: lost_reason

# Open stages in the order that a deal should pass them; then the names that mean won and lost.
stages: [{", ".join(stage.name for stage in funnel.stages)}]
won: [{WON}]
lost: [{LOST}]

# Rules and published values are bound to roles, not to stage names.
roles:
{roles}

# {about_handoffs}
handoffs:
  MQL→SQL: {handoff}

# The day the export was taken, and the currency of every amount.
as_of: {company.as_of}
currency: {company.currency}
"""
    return text.encode()


def export_truth(deals: Sequence[Deal], funnel: Funnel) -> ExportTruth:
    """Count what the files must show."""
    ended = {end: [deal for deal in deals if deal.moves[-1][0] == end] for end in (WON, LOST)}
    still_open = [deal for deal in deals if deal.moves[-1][0] not in (WON, LOST)]
    return ExportTruth(
        leak=funnel.leak,
        goes_on={stage.name: stage.goes_on for stage in funnel.stages},
        deals=len(deals),
        won=len(ended[WON]),
        lost=len(ended[LOST]),
        open=len(still_open),
        won_amount=_sum(ended[WON]),
        lost_amount=_sum(ended[LOST]),
        open_amount=_sum(still_open),
        without_owner=sum(not deal.owner for deal in deals),
        without_amount=sum(deal.amount is None for deal in deals),
        stages={stage.name: _stage_count(deals, stage.name) for stage in funnel.stages},
    )


def _stage_count(deals: Sequence[Deal], name: str) -> StageCount:
    after: list[str] = []
    for deal in deals:
        names = [*(stage for stage, _ in deal.moves), ""]
        after += [then for stage, then in pairwise(names) if stage == name]
    lost, still_open = after.count(LOST), after.count("")
    return StageCount(len(after), len(after) - lost - still_open, lost, still_open)


def _sum(deals: Sequence[Deal]) -> int:
    return sum(deal.amount or 0 for deal in deals)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
