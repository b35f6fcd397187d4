"""Two or more waves side by side: what moved by more than its noise, and which findings closed beside which actions.

Compared is what people answered. The operating model, weekly values and the CRM export are files of one day and have
no waves of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.marketing import SideId
from gtmdiag.diagnostics.marketing.sides import members
from gtmdiag.engagement.action_log import ActionLog
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.folder import Respondent
from gtmdiag.engagement.schema import Client
from gtmdiag.findings.finding import Finding
from gtmdiag.findings.from_ceo_role import ceo_role_findings
from gtmdiag.findings.from_gut_check import gut_check_findings
from gtmdiag.findings.from_marketing import marketing_findings
from gtmdiag.findings.from_ownership import ownership_findings
from gtmdiag.findings.plan import make_plan
from gtmdiag.findings.results import Results, results_of_answers
from gtmdiag.findings.wave_moves import IndexMove, may_compare, move
from gtmdiag.instruments.answers import Response, responses
from gtmdiag.instruments.operating_rules import operating_rules
from gtmdiag.instruments.plan_rules import plan_rules
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Index

ASKED = ("champion_operator", "gut_check", "ownership_altitude", "marketing")
DECLARED = (
    "ownership_altitude.owner",
    "ownership_altitude.too_low",
    "ownership_altitude.too_high",
    "ownership_altitude.disputed",
)
"""Findings on declared positions, which are shown by role in any case."""

AGAIN = "again"
"""The action that this comparison itself is."""


@dataclass(frozen=True)
class Wave:
    """One round of answers: how many answered, the CEO's verdict, and who owns the model as declared."""

    name: str
    respondents: int
    ceo_verdict: str
    ceo_borderline: bool
    owner: str
    unowned: int
    positions: int


@dataclass(frozen=True)
class FindingMove:
    """A gap that closed or opened from the wave before to the last.

    ``planned`` are actions that the plan on the earlier wave named for it, ``done`` those that the team wrote down as
    done. That they closed it was not measured.
    """

    finding: str
    claim: str
    state: str
    planned: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True)
class Waves:
    """What changed. ``withheld`` names the questionnaires whose group figures may not be set side by side."""

    waves: tuple[Wave, ...]
    moves: tuple[IndexMove, ...]
    findings: tuple[FindingMove, ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True)
class _Round:
    """One wave, read anew with the present instruments."""

    name: str
    respondents: int
    given: Mapping[str, tuple[Response, ...]]
    results: Results
    findings: tuple[Finding, ...]

    def group(self, instrument: str) -> frozenset[str]:
        return frozenset(one.respondent for one in self.given[instrument] if one.role != "ceo")

    def side(self, side: SideId) -> frozenset[str]:
        return frozenset(one.respondent for one in members(self.given["marketing"], side))


def compare_waves(
    waves: Mapping[str, Sequence[Respondent]],
    instruments: Mapping[str, Instrument],
    client: Client,
    stage: CompanyStage,
    log: ActionLog,
) -> Waves | None:
    """Compare waves of answers.

    Parameters
    ----------
    waves
        Respondents by wave, the last one being that of the report. Answers to an earlier version of an instrument are
        read by its crosswalk.
    instruments
        By their ids.
    client
        For the anonymity rule and the company's facts.
    stage
        The company's stage today.
    log
        What the team wrote down as done.

    Returns
    -------
    Waves | None
        None where there are not two waves.
    """
    if len(waves) < 2:
        return None
    rule = client.anonymity.rule
    rounds = [_round(name, tuple(waves[name]), instruments, client, stage) for name in sorted(waves)]
    groups = {name: may_compare([one.group(name) for one in rounds if one.group(name)], rule) for name in ASKED}
    return Waves(
        waves=tuple(_wave(one) for one in rounds),
        moves=tuple(one for one in _moves(rounds, instruments, groups, rule) if one is not None),
        findings=tuple(_finding_moves(rounds[-2], rounds[-1], groups, log)),
        withheld=tuple(instruments[name].title for name in ASKED if not groups[name]),
    )


def _round(
    name: str,
    respondents: tuple[Respondent, ...],
    instruments: Mapping[str, Instrument],
    client: Client,
    stage: CompanyStage,
) -> _Round:
    given = responses(respondents, instruments)
    results = results_of_answers(given, instruments, client, stage)
    role, gut = results.champion_operator, results.gut_check
    altitude, market = results.ownership_altitude, results.marketing
    found: list[Finding] = []
    found += ceo_role_findings(role, results.missing_parts()) if role is not None else ()
    found += gut_check_findings(gut) if gut is not None else ()
    found += ownership_findings(altitude) if altitude is not None else ()
    found += marketing_findings(market) if market is not None else ()
    return _Round(name, len(respondents), given, results, tuple(found))


def _wave(one: _Round) -> Wave:
    role, altitude = one.results.champion_operator, one.results.ownership_altitude
    reading = role.ceo if role is not None else None
    ownership = altitude.ownership if altitude is not None else None
    owner = altitude.short(ownership.level) if altitude is not None and ownership is not None else ""
    return Wave(
        name=one.name,
        respondents=one.respondents,
        ceo_verdict=reading.verdict.label if reading is not None and reading.verdict is not None else "",
        ceo_borderline=reading.borderline if reading is not None else False,
        owner=owner,
        unowned=ownership.unowned if ownership is not None else 0,
        positions=len(ownership.positions) if ownership is not None else 0,
    )


def _moves(
    rounds: Sequence[_Round],
    instruments: Mapping[str, Instrument],
    groups: Mapping[str, bool],
    rule: AnonymityRule,
) -> Iterator[IndexMove | None]:
    role = instruments["champion_operator"]
    for name in ("champion", "operator", "autonomy"):
        label = next(index.label for index in role.indices if index.id == name)
        for who, apart in (("CEO", False), ("Leaders", not groups["champion_operator"])):
            values = [_role_index(one, name, who) for one in rounds]
            yield move(label, who, values, role, higher_is_better=name != "operator", withheld=apart)
    altitude = instruments["ownership_altitude"]
    label = next(index.label for index in altitude.indices if index.id == "institution")
    for who, apart in (("CEO", False), ("Leaders", not groups["ownership_altitude"])):
        yield move(label, who, [_institution(one, who) for one in rounds], altitude, withheld=apart)
    market = instruments["marketing"]
    sides = {
        side: may_compare([one.side(side) for one in rounds if one.side(side)], rule) for side in ("marketing", "sales")
    }
    for index in market.indices:
        for who, apart in (("CEO", False), ("Marketing", not sides["marketing"]), ("Sales", not sides["sales"])):
            values = [_pillar(one, index.id, who) for one in rounds]
            yield move(index.label, who, values, market, withheld=apart)


def _role_index(one: _Round, name: str, who: str) -> Index | None:
    role = one.results.champion_operator
    reading = None if role is None else role.ceo if who == "CEO" else role.team
    if reading is None:
        return None
    return {"champion": reading.champion, "operator": reading.operator, "autonomy": reading.autonomy}[name]


def _institution(one: _Round, who: str) -> Index | None:
    altitude = one.results.ownership_altitude
    if altitude is None:
        return None
    return altitude.institution.ceo if who == "CEO" else altitude.institution.leaders


def _pillar(one: _Round, index_id: str, who: str) -> Index | None:
    result = one.results.marketing
    pillar = next((pillar for pillar in result.pillars if pillar.id == index_id), None) if result is not None else None
    if pillar is None:
        return None
    return {"CEO": pillar.ceo, "Marketing": pillar.marketing, "Sales": pillar.sales}[who]


def _finding_moves(before: _Round, after: _Round, groups: Mapping[str, bool], log: ActionLog) -> Iterator[FindingMove]:
    earlier, later = _gaps(before), _gaps(after)
    plan = make_plan(
        list(earlier.values()), before.results, plan_rules(), model=None, cadence=operating_rules(), start=None
    )

    def comparable(finding_id: str) -> bool:
        name = finding_id.partition(".")[0]
        both = all(one.given[name] for one in (before, after))
        return both and (groups[name] or finding_id in DECLARED)

    for finding_id, finding in earlier.items():
        if finding_id not in later and comparable(finding_id):
            planned = tuple(one.text for one in plan.actions if one.finding == finding_id and one.id != AGAIN)
            done = tuple(one.action for one in log.actions if one.finding == finding_id and one.state == "done")
            yield FindingMove(finding_id, finding.claim, "closed", planned, done)
    for finding_id, finding in later.items():
        if finding_id not in earlier and comparable(finding_id):
            yield FindingMove(finding_id, finding.claim, "opened", (), ())


def _gaps(one: _Round) -> dict[str, Finding]:
    return {finding.id: finding for finding in one.findings if finding.severity != "strength"}
