"""What the audit says, each sentence with its trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.diagnostics.operating_model.result import BlindRow, HandoffAudit, OperatingModelResult
from gtmdiag.engagement.operating_model import OPERATING_FILE
from gtmdiag.trail import Sentence, Trail

APART = "ownership map filled in apart, declared by role"


def accountable_item(row: BlindRow) -> str:
    """Return the item that asks who is accountable for a row."""
    return f"operating_model.{row.id}.accountable"


def layer_sentences(result: OperatingModelResult) -> Iterator[Sentence]:
    """Yield what carries the model, blind spots, and claims that nothing proves."""
    trail = Trail("maturity from artefacts, capped by the layer below", "suite", (f"{OPERATING_FILE}, artefacts",))
    yield Sentence(next_layer(result) + ".", trail)
    words, above = result.maturity_words, [layer for layer in result.layers if layer.blind_spot]
    if above:
        named = listed([f"{lower_first(layer.label)} ({words[layer.evidenced]})" for layer in above])
        verb = "shows" if len(above) == 1 else "show"
        yield Sentence(f"Blind spot: {named} {verb} more than the layers below carry.", trail)
    claims = [layer for layer in result.layers if layer.overclaimed]
    if claims:
        who = "The CEO claims" if claims[0].ceo is not None else "Leaders claim"
        named = listed([lower_first(layer.label) for layer in claims])
        items = tuple(f"{result.instrument}.{layer.id}.claimed" for layer in claims)
        text = f"{who} more than artefacts prove for: {named}."
        yield Sentence(text, Trail("claimed against evidenced maturity", "suite", items))


def next_layer(result: OperatingModelResult) -> str:
    """Return which layer is to be built next, and why, without the full stop."""
    layer, words = result.next_layer, result.maturity_words
    named = f"“{lower_first(layer.label)}”"
    if layer.evidenced >= len(words) - 1:
        return "All five layers are in use and improved by their own feedback"
    if layer.evidenced == len(words) - 2:
        return f"All five layers are in use; the layer {named} is the next to improve by its own feedback"
    only = words[layer.evidenced] if layer.evidenced == 0 else f"only {words[layer.evidenced]}"
    rests = "" if layer is result.layers[-1] else ", and what rests on it counts for no more"
    return f"The layer {named} is {only}{rests}"


def handoff_sentences(result: OperatingModelResult) -> Iterator[Sentence]:
    """Yield how many handoffs are processes, and what the others lack."""
    known = [one for one in result.handoffs if one.process is not None]
    if not known:
        return
    where = f"{OPERATING_FILE}, handoffs" if known[0].origin != "answers" else f"{result.instrument}.marketing_to_sales"
    trail = Trail("trigger, packet and response time make a handoff a process", "OE", (where,))
    processes = sum(one.process is True for one in known)
    if processes == len(known):
        of = capital(count(len(known), "handoff"))
        yield Sentence(f"{of}: each has a trigger, a data packet and a response time.", trail)
    else:
        yield Sentence(f"{suggestions(result)}.", trail)
    yield from (Sentence(told(one), trail) for one in known if not one.process)
    for one in known:
        if one.slower:
            text = f"{one.label} is slower than published: {'; '.join(one.slower)}."
            yield Sentence(text, Trail("own response time against the published one", "OE", (where,)))


def suggestions(result: OperatingModelResult) -> str:
    """Return how many handoffs are only suggestions, without the full stop."""
    known = [one for one in result.handoffs if one.process is not None]
    loose = sum(not one.process for one in known)
    if loose == len(known) > 1:
        return "Both handoffs are only suggestions" if loose == 2 else f"All {loose} handoffs are only suggestions"
    if loose == 1:
        return "One handoff is only a suggestion"
    return f"{capital(count(loose, 'handoff'))} of {len(known)} are only suggestions"


def told(handoff: HandoffAudit) -> str:
    """Return what one handoff lacks, as a sentence."""
    if handoff.origin == "absent":
        return f"{handoff.label}: not described at all."
    return f"{handoff.label} lacks: {listed(list(handoff.missing))}."


def owner_sentences(result: OperatingModelResult) -> Iterator[Sentence]:
    """Yield what the map of the file lacks, and where leaders who filled it in apart disagree."""
    if result.owners:
        yield from _map(result)
    answered = [row for row in result.blind if len(row.accountable) > 1]
    if answered:
        n = max(len(row.accountable) for row in answered)
        trail = Trail(APART, "suite", tuple(map(accountable_item, answered)), n)
        apart = [row for row in answered if row.disagree]
        text = f"Asked apart who is accountable, {count(n, 'respondent')} "
        if apart:
            text += f"differ on {len(apart)} of {count(len(answered), 'row')}: {_rows([r.label for r in apart])}."
        else:
            text += f"agree on all of {count(len(answered), 'row')}."
        yield Sentence(text, trail)
        nobody = [row.label for row in answered if row.nobody]
        if nobody:
            yield Sentence(f"Most name nobody, or all together, which is nobody, for: {_rows(nobody)}.", trail)


def _map(result: OperatingModelResult) -> Iterator[Sentence]:
    trail = Trail("exactly one accountable for each stage and handoff", "OE", (f"{OPERATING_FILE}, raci",))
    n = len(result.owners)
    faulty = [row for row in result.owners if row.unowned]
    if not faulty:
        yield Sentence(f"Each of {count(n, 'row')} of the ownership map has exactly one accountable.", trail)
    for fault, words in (("no accountable", "nobody"), ("several accountable", "several")):
        found = [row.activity for row in result.owners if fault in row.faults]
        if found:
            yield Sentence(
                f"Of {count(n, 'row')}, {len(found)} {_have(found)} {words} accountable: {_rows(found)}.", trail
            )
    idle = [row.activity for row in result.owners if "no responsible" in row.faults]
    if idle:
        yield Sentence(f"Nobody is responsible for the work in: {_rows(idle)}.", trail)
    loose = [row.activity for row in result.owners if "incomplete SLA" in row.faults]
    if loose:
        text = f"The SLA does not name response time, data and escalation path in: {_rows(loose)}."
        yield Sentence(text, Trail("an SLA names three things", "OE", (f"{OPERATING_FILE}, raci",)))


def _have(found: Sequence[str]) -> str:
    return "has" if len(found) == 1 else "have"


def _rows(names: Sequence[str]) -> str:
    return "; ".join(names)


def kpi_sentences(result: OperatingModelResult) -> Iterator[Sentence]:
    """Yield how many metrics are rules, leading indicators a function, what is misdeclared, and what is on offer."""
    trail = Trail("threshold, owner and action make a decision rule", "OE", (f"{OPERATING_FILE}, kpis",))
    if result.kpis:
        grades = [one.grade for one in result.kpis]
        reports = grades.count("report")
        text = f"Decision rules among {count(len(grades), 'metric')}: {len(grades) - reports}"
        text += f", of which complete: {grades.count('complete')}" if reports < len(grades) else ""
        yield Sentence(text + (f"; only reported: {reports}." if reports else "."), trail)
        short = [one for one in result.leading if one.rules < one.asked]
        if short:
            named = listed([f"{lower_first(one.label)} {one.rules}" for one in short])
            text = f"Two leading indicators with a rule are asked of each function; fewer: {named}."
            yield Sentence(text, Trail("two leading indicators a function", "OE", (f"{OPERATING_FILE}, kpis",)))
        late = [one.label for one in result.kpis if one.misdeclared]
        if late:
            lags = "lags, though it is" if len(late) == 1 else "lag, though they are"
            text = f"{listed(late)} {lags} declared as leading: what to do next week cannot be read from it."
            yield Sentence(text, Trail("revenue, pipeline value and win rate lag", "OE", (f"{OPERATING_FILE}, kpis",)))
    elif result.metric_parts:
        lacking = [lower_first(part.label) for part in result.metric_parts if part.in_place is False]
        if lacking:
            items = tuple(f"{result.instrument}.{part.id}" for part in result.metric_parts)
            text = f"As answered, this is not in place: {listed(lacking)}."
            yield Sentence(text, Trail("threshold, owner and action make a decision rule", "OE", items))
    if result.offered:
        names = "; ".join(one.name for one in result.offered)
        yield Sentence(
            f"{capital(count(len(result.offered), 'published rule'))} could be adopted by naming an owner: {names}.",
            Trail("published rules not among the metrics", "OE", ("operating_rules.yaml, kpis",)),
        )


def cadence_sentences(result: OperatingModelResult) -> Iterator[Sentence]:
    """Yield meetings that are missing or may not decide, and stand-ups that yielded nothing."""
    trail = Trail("meetings with the authority to decide", "OE", (f"{OPERATING_FILE}, cadence",))
    if result.meetings:
        missing = [lower_first(one.label) for one in result.meetings if not one.present]
        if missing:
            yield Sentence(f"Not held: {listed(missing)}.", trail)
        weak = [one for one in result.meetings if one.missing_powers]
        for one in weak:
            yield Sentence(f"{one.name}: those in the room may not {_or(one.missing_powers)}.", trail)
        if not weak and not missing:
            yield Sentence("All four meetings are held by people who may decide.", trail)
        for one in result.meetings:
            if one.operational is False:
                text = (
                    f"{one.name} had misses {count(one.judged, 'time')} and yielded no action with owner and deadline "
                    f"in {one.barren} of them, the last one included: it is not operational."
                )
                yield Sentence(text, Trail("a stand-up with misses yields actions", "OE", trail.inputs, one.judged))
    lacking = [lower_first(part.label) for part in result.powers if part.in_place is False]
    if lacking and not result.meetings:
        items = tuple(f"{result.instrument}.{part.id}" for part in result.powers)
        text = f"As answered, this is not so: {listed(lacking)}."
        yield Sentence(text, Trail("meetings with the authority to decide", "OE", items))


def _or(powers: Sequence[str]) -> str:
    return powers[0] if len(powers) == 1 else f"{', '.join(powers[:-1])} or {powers[-1]}"


def loop_sentences(result: OperatingModelResult) -> Iterator[Sentence]:
    """Yield which feedback loops are closed."""
    known = [one for one in result.loops if one.state != "unknown"]
    if not known:
        return
    where = f"{OPERATING_FILE}, feedback_loops" if known[0].origin == "file" else result.instrument
    trail = Trail("a loop is closed where it names what it last changed", "suite", (where,))
    open_ = [f"{lower_first(one.label)} ({one.state})" for one in known if one.state != "closed"]
    if open_:
        yield Sentence(f"Feedback that changed nothing so far: {listed(open_)}.", trail)
    else:
        yield Sentence(f"{capital(count(len(known), 'feedback loop'))}: each names what it last changed.", trail)
