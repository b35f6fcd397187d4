"""Findings of the funnel: steps that convert below or above their benchmark, handoffs, what changed lately."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import capital, money
from gtmdiag.findings.finding import Finding, Money
from gtmdiag.findings.from_handoffs import handoff_findings
from gtmdiag.findings.from_trend import trend_findings
from gtmdiag.funnel.benchmarks import Benchmark
from gtmdiag.funnel.leaks import Estimates, Leak
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.trail import Sentence, Trail


def funnel_findings(result: FunnelResult) -> Iterator[Finding]:
    """Yield all findings of the funnel."""
    leaks = result.estimates.leaks if result.estimates is not None else ()
    if result.estimates is not None:
        for leak in leaks:
            if leak.flagged:
                yield _leak(leak, result.estimates)
            elif leak.conversion.low >= leak.benchmark.share:
                yield _strength(leak, result.estimates)
    yield from handoff_findings(result.handoffs)
    if result.trend is not None:
        yield from trend_findings(result.trend, {leak.stage for leak in leaks if leak.flagged})


def _leak(leak: Leak, estimates: Estimates) -> Finding:
    own, published = leak.benchmark.kind == "target", leak.benchmark.kind == "published"
    # Leaks tested together are named at a looser level than that of the interval, which may then reach the benchmark.
    clear = leak.conversion.high < leak.benchmark.share
    if clear:
        because = _because(leak.benchmark)
    else:
        because = "its interval reaches the benchmark" + (
            ", and definitions differ between companies" if published else ""
        )
    told = f"{leak.conversion.estimate:.0%}"
    if told == f"{leak.benchmark.share:.0%}":
        told = f"{leak.conversion.estimate:.1%}"
    return Finding(
        id=f"funnel.leak.{leak.stage}",
        # A benchmark that the data themselves suggested is no promise that anyone made.
        severity="high" if clear and (own or (published and leak.low is not None and leak.low > 0)) else "medium",
        claim=f"{leak.stage}→{leak.to} leaks: {told} move on, below {_named(leak.benchmark)}.",
        evidence=tuple(_evidence(leak, estimates)),
        confidence=("high" if own else "medium") if clear else ("medium" if own else "low"),
        because=because,
        owner=f"{capital(leak.handoff.replace(' → ', ' and '))} together" if leak.handoff else "CEO to name one owner",
        next_step=f"Go through the last 20 deals that ended in {leak.stage} together, and write down why.",
        value=None
        if leak.value is None or leak.low is None or leak.high is None or leak.value <= 0
        else Money(leak.value, leak.low, leak.high, estimates.currency),
    )


def _strength(leak: Leak, estimates: Estimates) -> Finding:
    return Finding(
        id=f"funnel.leak.{leak.stage}",
        severity="strength",
        claim=f"{leak.stage}→{leak.to} works: {leak.conversion.estimate:.0%} move on, above {_named(leak.benchmark)}.",
        evidence=tuple(_evidence(leak, estimates)),
        confidence="high" if leak.benchmark.kind == "target" else "medium",
        because=_because(leak.benchmark),
        owner=f"{capital(leak.handoff.replace(' → ', ' and '))} together" if leak.handoff else "CEO to name one owner",
        next_step="Keep the shared definition, and watch the rate each week.",
    )


def _named(benchmark: Benchmark) -> str:
    if benchmark.kind == "target":
        return f"the target of {benchmark.share:.0%}"
    if benchmark.kind == "own":
        return f"the {benchmark.share:.0%} of its {benchmark.source}"
    return f"the {benchmark.share:.0%} published for a working handoff"


def _because(benchmark: Benchmark) -> str:
    if benchmark.kind == "target":
        return "the difference is beyond chance, against the client's own target"
    if benchmark.kind == "own":
        return "the difference is beyond chance, but another mix of deals may explain it"
    return "the difference is beyond chance, but definitions differ between companies"


def _evidence(leak: Leak, estimates: Estimates) -> Iterator[Sentence]:
    share, stage = leak.conversion, f"crm, stage {leak.stage}"
    moved = f"{share.estimate:.1%} of {share.n:,} deals moved on from {leak.stage} (95 % interval {share.low:.1%} to "
    if share.horizon_days:
        counted = "open deals count for as long as they were followed"
        text = f"Within {share.horizon_days} days {moved}{share.high:.1%}); {counted}."
        rule = "Aalen–Johansen with Wilson's interval at effective n"
    else:
        text = f"{moved}{share.high:.1%}); a deal that is still open counts as one that did not move on."
        rule = "advanced / entered, with Wilson's interval"
    yield Sentence(text, Trail(rule, "suite", (stage,), share.n))
    mark = leak.benchmark
    if mark.kind == "published":
        far = f" to {mark.high:.0%}" if mark.high is not None else ""
        yield Sentence(
            f"Published: {mark.share:.0%}{far} where the handoff works. It is measured against the near end; "
            "definitions differ, so this is context and no target.",
            Trail("published value, partly comparable", mark.source, ("references.yaml",)),
        )
    elif mark.kind == "own":
        yield Sentence(
            f"No target and no published value is at hand; it is measured against its {mark.source}, {mark.share:.0%} "
            "after allowing for chance. Why that part converts better is not told by the data.",
            Trail("best of groups that differ beyond chance, drawn towards the others", "suite", (stage,), share.n),
        )
    else:
        yield Sentence(f"The client's own target is {mark.share:.0%}.", Trail("own target", "suite", (mark.source,)))
    if leak.value is not None and leak.low is not None and leak.high is not None and leak.value > 0:
        value, low, high = (money(amount, estimates.currency) for amount in (leak.value, leak.low, leak.high))
        yield Sentence(
            f"Meeting {mark.share:.0%} here would be worth up to {value} on the deals of this export (95 % interval "
            f"{low} to {high}), if the later stages hold.",
            Trail("part of the whole gap (Shapley), interval from draws", "suite", (stage,), estimates.won_n),
        )
