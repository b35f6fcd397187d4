"""Pages: every result becomes blocks, in whatever state it is, and nobody who answered is named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.diagnostics import ownership_altitude
from gtmdiag.diagnostics.company import company_stage
from gtmdiag.diagnostics.numbers import count
from gtmdiag.errors import Problem
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.findings.finding import ranked
from gtmdiag.findings.from_ceo_role import ceo_role_findings
from gtmdiag.findings.from_gut_check import gut_check_findings
from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.leaks import StageEstimate
from gtmdiag.funnel.stalled import Stalled, StalledDeal, StalledDeals
from gtmdiag.instruments.load import packaged
from gtmdiag.report import pages
from gtmdiag.report.blocks import (
    Block,
    Cover,
    Figure,
    FindingCard,
    Group,
    Headline,
    Notice,
    Prose,
    Table,
    Tiles,
    block_from_dict,
)
from gtmdiag.report.live import Sliders
from tests.diagnostics.people import GUT, ROLE, RULE, Given, five, gut, responses, role, role_answers, some
from tests.engagements import TODAY, write
from tests.instruments.small import SMALL

PAGES = [getattr(pages, name) for name in pages.__all__]
ALTITUDE = packaged("ownership_altitude")


def blocks(block: Block) -> list[Block]:
    return [one for part in block.blocks for one in blocks(part)] if isinstance(block, Group) else [block]


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a block's JSON, the pictures left out."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key not in ("svg", "png"):
                yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def require_pages(diagnosis: Diagnosis) -> list[Block]:
    """Return the blocks of all pages, each of which can be written and read back and says what a reader can read."""
    shown = [page(diagnosis) for page in PAGES]
    made = [one.table if isinstance(one, Sliders) else one for one in shown]
    for block in made:
        data = json.loads(json.dumps(block.to_dict()))
        assert block_from_dict(data) == block
        told = " ".join(texts(data))
        assert not re.search(r"\bnan\b|secret-\d|respondent-zero|\bTrue\b|\bFalse\b|Trail\(|<\w+ object", told), told
    return [one for block in made for one in blocks(block)]


def test_client_of_whom_nothing_is_known(empty: Diagnosis) -> None:
    made = require_pages(empty)
    assert not [block for block in made if isinstance(block, FindingCard | Figure | Tiles)]
    notices = [block.title for block in made if isinstance(block, Notice)]
    assert {
        "No findings",
        "The CEO's role is not assessed",
        "The gut check is not done",
        "The operating model is not audited",
        "No rule was run",
        "The funnel is not analysed",
    } <= {*notices}
    assert any(isinstance(block, Headline) and "not enough" in block.text for block in made)


def test_finding_that_summary_or_cards_leave_out_or_tell_in_another_order(northlight: Diagnosis) -> None:
    summary, cards = blocks(pages.summary(northlight)), blocks(pages.findings(northlight))
    told = [finding.claim for finding in northlight.findings]
    assert isinstance(summary[0], Headline)
    assert summary[0].text == told[0]
    first = {finding.id.partition(".")[0]: finding.claim for finding in reversed(northlight.findings)}
    lines = [block.title for block in summary if isinstance(block, Notice)]
    assert [summary[0].text, *lines] == [claim for claim in told if claim in first.values()]
    assert [card.claim for card in cards if isinstance(card, FindingCard)] == told
    for card, finding in zip(cards, northlight.findings, strict=True):
        assert isinstance(card, FindingCard)
        assert [one.text for one in card.evidence] == [sentence.text for sentence in finding.evidence]
        assert all(one.basis for one in card.evidence)
        assert finding.because in card.confidence


def test_sentence_of_a_result_that_no_page_tells_or_tells_without_its_basis(northlight: Diagnosis) -> None:
    assert northlight.champion_operator
    assert northlight.gut_check
    assert northlight.funnel
    prose = [one for block in require_pages(northlight) if isinstance(block, Prose) for one in block.sentences]
    told = {one.text: one.basis for one in prose}
    assert northlight.operating_model
    for result in (northlight.champion_operator, northlight.gut_check, northlight.operating_model, northlight.funnel):
        for sentence in result.sentences:
            assert told[sentence.text].startswith(
                "suite method" if sentence.trail.source == "suite" else sentence.trail.source
            )
            assert (sentence.trail.n is None) == ("n = " not in told[sentence.text])


def test_cover_without_client_day_or_what_it_rests_on(northlight: Diagnosis, empty: Diagnosis) -> None:
    cover = pages.cover(northlight, "Another title")
    assert isinstance(cover, Cover)
    assert (cover.title, cover.client, cover.confidentiality) == (
        "Another title",
        "Northlight Systems",
        "Fictional sample",
    )
    facts = dict(cover.facts)
    assert facts["As of"] == "31 October 2026"
    assert facts["Answers"] == "wave 2026-10, eleven respondents"
    assert facts["CRM export"].startswith("2,400 deals")
    assert pages.cover(empty).facts == (("As of", "not given"),)


def test_counts_of_the_funnel_that_its_tables_tell_otherwise(northlight: Diagnosis) -> None:
    assert northlight.funnel
    tables = {block.title: block for block in blocks(pages.funnel(northlight)) if isinstance(block, Table)}
    for row, stage in zip(tables["Deals by stage"].rows, northlight.funnel.stages, strict=True):
        assert row == (
            stage.stage,
            f"{stage.entered:,}",
            f"{stage.advanced:,}",
            f"{stage.lost:,}",
            f"{stage.open:,}",
            f"{stage.advanced_share_so_far:.1%}",
        )
    assert [row[1] for row in tables["Deals by outcome"].rows] == ["30", "2,049", "321"]
    assert "2,716,600" in tables["Deals by outcome"].rows[0][2]


def test_estimate_told_without_its_interval_its_number_or_its_benchmarks_source(northlight: Diagnosis) -> None:
    assert northlight.funnel
    assert northlight.funnel.estimates
    chapter = blocks(pages.funnel(northlight))
    every = [*chapter, *blocks(pages.funnel_times(northlight))]
    tables = {block.title: block for block in every if isinstance(block, Table)}
    rates, leaks, times = (
        tables[title] for title in ("Conversion from stage to stage", "Leaks against their benchmarks", "Time in stage")
    )
    for row, stage in zip(rates.rows, northlight.funnel.estimates.stages, strict=True):
        share = stage.conversion
        assert share
        assert row[1:4] == (f"{share.estimate:.1%}", f"{share.low:.1%} to {share.high:.1%}", f"{share.n:,}")
    assert "180" in {row[4] for row in rates.rows}
    (leak,) = leaks.rows
    assert leak[1:5] == ("22.0% (19.5% to 24.7%)", "1,066", "35% to 45%", "OE")
    assert re.fullmatch(r"2\.3 M EUR \(1\.\d M EUR to 3\.\d M EUR\)", leak[5])
    assert leak[6] == "leak"
    assert "not a cause" in leaks.note
    assert "if the later stages hold" in leaks.note
    assert times.rows[1][:4] == ("MQL", "1,066", "day 25 (23 to 27)", "day 45 (42 to 48)")
    headline = chapter[0]
    assert isinstance(headline, Headline)
    assert headline.text == "Deals leak from MQL to SQL, worth up to 2.3 M EUR"
    (card,) = [
        block
        for block in blocks(pages.findings(northlight))
        if isinstance(block, FindingCard) and "SQL leaks" in block.claim
    ]
    assert card.value.startswith("up to 2.3 M EUR (1.")


def test_estimates_of_too_few_deals_or_without_money(northlight: Diagnosis) -> None:
    assert northlight.funnel
    assert northlight.funnel.estimates
    known = northlight.funnel.estimates
    few = replace(known, stages=tuple(StageEstimate(one.stage, one.to, None, (), None) for one in known.stages))
    poor = tuple(replace(leak, value=None, low=None, high=None) for leak in known.leaks)
    for estimates in (replace(few, leaks=()), replace(known, leaks=poor, currency="", won_amount=None, won_n=0)):
        told = replace(northlight, funnel=replace(northlight.funnel, estimates=estimates))
        chapter = [one for one in require_pages(told) if isinstance(one, Table | Headline)]
        assert not [
            one for one in chapter if "worth up to" in " ".join(texts(one.to_dict())) and one.kind == "headline"
        ]
    (rates,) = [
        one
        for one in blocks(pages.funnel(replace(northlight, funnel=replace(northlight.funnel, estimates=few))))
        if isinstance(one, Table) and one.title == "Conversion from stage to stage"
    ]
    assert {row[1:] for row in rates.rows} == {("not enough data", "–", "–", "–", "–")}


def test_chapter_on_the_funnel_that_leaves_out_a_section_or_tells_an_empty_one(northlight: Diagnosis) -> None:
    assert northlight.funnel
    every = (
        "Where deals are lost, and what that is worth",
        "How long deals stay",
        "Over time",
        "By segment",
        "Stalled deals",
        "Handoffs between teams",
        "What the open deals may bring",
        "What is called conversion",
        "How far the data can be trusted",
    )
    fault = Check("a", "Deals without an owner", 900, 2400, "deals", None, (), ("trend",), True, "Name one.")
    late = StalledDeals((Stalled("MQL", 9, 1, 60, ()),), (StalledDeal("D-1", "MQL", 99, 60, "", None, ""),), 1)
    full = replace(northlight, funnel=replace(northlight.funnel, checks=(fault,), stalled=late))
    chapter = blocks(pages.funnel(full))
    heads = [block for block in chapter if isinstance(block, Headline)][1:]
    assert tuple(head.sub or head.text for head in heads) == every
    assert [head.sub for head in heads if not head.sub] == [""], "but for handoffs each states what was found"
    assert isinstance(chapter[1], Notice)
    assert "Read with care: trend" in chapter[1].text, "the trust gate comes first"
    bare = replace(
        northlight.funnel,
        **dict.fromkeys(("estimates", "trend", "forecast", "stalled")),
        **dict.fromkeys(("definitions", "change", "handoffs", "checks"), ()),
    )
    short = blocks(pages.funnel(replace(northlight, funnel=bare)))
    told = [block.text for block in short if isinstance(block, Headline)]
    assert told == ["2,400 deals: 30 won, 2,049 lost, 321 open"]


def test_two_leaders_whose_view_is_shown(empty: Diagnosis) -> None:
    few = replace(
        empty,
        champion_operator=role(role_answers(5, 1), [role_answers(1, 5)] * 2),
        gut_check=gut(five("yyyyy"), [five("nnnnn")] * 2),
    )
    made = require_pages(few)
    assert {"The leaders' view is not shown", "The leaders' answers are not shown"} <= {
        block.title for block in made if isinstance(block, Notice)
    }
    (questions,) = [block for block in made if isinstance(block, Table) and block.title == "The five questions"]
    assert [column.label for column in questions.columns] == ["Question", "CEO"]
    assert not [block for block in made if isinstance(block, Table) and "differ" in block.title]


def test_warning_of_an_input_that_is_not_told(northlight: Diagnosis) -> None:
    *_, table = blocks(pages.confidence(northlight))
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == [problem.found for problem in northlight.warnings]
    *_, good = blocks(pages.confidence(replace(northlight, warnings=())))
    assert isinstance(good, Notice)
    odd = Problem("answers", "", "<b>x</b>", "a", "", "warning")
    *_, table = blocks(pages.confidence(replace(northlight, warnings=(odd,))))
    assert isinstance(table, Table)
    assert table.rows == (("answers", "<b>x</b>", ""),)


def test_method_that_names_no_source_or_instrument(northlight: Diagnosis) -> None:
    (rules, sources), (references, made_of) = blocks(pages.method(northlight)), blocks(pages.appendix(northlight))
    told = " ".join([*texts(rules.to_dict()), *texts(made_of.to_dict())])
    for part in (ROLE, GUT):
        assert f"{part.id} version {part.version}" in told
    assert "from 3 respondents up, its spread from 5 up" in told
    assert isinstance(references, Table)
    assert isinstance(sources, Table)
    used = {sentence.trail.source for finding in northlight.findings for sentence in finding.evidence}
    assert used <= {row[0] for row in sources.rows}


def test_own_instrument_that_no_page_shows(tmp_path: Path) -> None:
    item = '{"own.first.good": 3, "own.second.good": 2}'
    people = {f"answers/w/p{n}.yaml": f"role: cmo\nanswers: {{own: {{items: {item}}}}}" for n in range(3)}
    write(tmp_path, {"client.yaml": "id: c\nname: C", "instruments/own.yaml": SMALL, **people})
    (table,) = blocks(pages.own_instruments(diagnose(tmp_path, today=TODAY)))
    assert isinstance(table, Table)
    assert (table.title, table.columns[2].label) == ("A small instrument", "Leaders (n = 3)")
    assert table.rows[0][0] == "Good"
    assert table.rows[0][2].startswith("100")


@settings(max_examples=6)
@given(
    st.none() | some(ROLE),
    st.lists(some(ROLE), max_size=4),
    st.none() | some(GUT),
    st.lists(some(ALTITUDE), max_size=4),
)
def test_state_of_the_answers_that_a_page_cannot_show(
    empty: Diagnosis, ceo: Given | None, leaders: list[Given], gut_ceo: Given | None, owners: list[Given]
) -> None:
    role_result = role(ceo or {}, leaders) if responses(ceo, leaders) else None
    gut_result = gut(gut_ceo, []) if gut_ceo else None
    altitude = ownership_altitude.diagnose(ALTITUDE, responses(None, owners), company_stage(300, 1), "pe", RULE)
    found = [
        *(ceo_role_findings(role_result) if role_result else ()),
        *(gut_check_findings(gut_result) if gut_result else ()),
    ]
    require_pages(
        replace(
            empty,
            champion_operator=role_result,
            gut_check=gut_result,
            ownership_altitude=altitude,
            findings=ranked(found),
        )
    )


def test_plan_in_the_report_that_hides_a_grave_gap_or_does_not_count_what_it_leaves_out(northlight: Diagnosis) -> None:
    tables = [one for one in pages.plan(northlight).blocks if isinstance(one, Table)][:2]
    for table, part in zip(tables, ("30-day build", "90-day blueprint"), strict=True):
        actions = northlight.plan.of(part)
        told = " ".join(row[1] for row in table.rows)
        more = len(actions) - len(table.rows)
        assert more > 0
        assert f"{count(more, 'more action')} in plan.csv" in table.note
        gravest = {one.finding for one in northlight.synthesis.ranked[:7]} & {one.finding for one in actions}
        assert gravest <= {one.finding for one in actions if one.text in told}
