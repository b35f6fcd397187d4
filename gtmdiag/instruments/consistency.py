"""Hold an instrument against itself: every reference that leads nowhere, and every rule that cannot score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from gtmdiag.engagement.yamlfile import Located, YamlPath
from gtmdiag.errors import Problem, did_you_mean, shorten
from gtmdiag.instruments.rules import stages
from gtmdiag.instruments.schema import IndexRule, Instrument, Value


def inconsistencies(instrument: Instrument, located: Located) -> Iterator[Problem]:
    """Tell every reference inside the instrument that leads nowhere, and every rule that cannot score."""
    domains = [domain.id for domain in instrument.domains]
    item_ids = [item.id for item in instrument.items]
    index_ids = [rule.id for rule in instrument.indices]
    verdict_ids = [rule.id for rule in instrument.verdicts]
    known_stages = [stage.id for stage in stages().stages]
    for place, ids in (("items", item_ids), ("domains", domains), ("indices", index_ids), ("verdicts", verdict_ids)):
        yield from _used_twice(located, place, ids, "id")
    for number, item in enumerate(instrument.items):
        if item.id.split(".")[0] != instrument.id:
            allowed = f"an id that starts with {instrument.id}."
            yield _problem(located, ("items", number, "id"), shorten(item.id), allowed, "Rename the item.")
        yield from _unknown(located, ("items", number, "id"), item.domain, domains)
        yield from _unknown(located, ("items", number, "scale"), item.scale, list(instrument.scales))
    for number, rule in enumerate(instrument.indices):
        yield from _unknown(located, ("indices", number, "facet"), rule.facet, [i.facet for i in instrument.items])
        yield from _cannot_score(instrument, rule, located, number)
    for number, verdict in enumerate(instrument.verdicts):
        for index_id in verdict.when:
            yield from _unknown(located, ("verdicts", number, "when", index_id), index_id, index_ids)
        for item_id, answers in verdict.answers.items():
            path = ("verdicts", number, "answers", item_id)
            yield from _unknown(located, path, item_id, item_ids)
            for option in answers:
                yield from _unknown(located, path, option, _options(instrument, item_id))
    for number, words in enumerate(instrument.stage_words):
        yield from _unknown(located, ("stage_words", number, "stage"), words.stage, known_stages)
        for verdict_id in words.verdicts:
            yield from _unknown(located, ("stage_words", number, "verdicts"), verdict_id, verdict_ids)
    for number, advice in enumerate(instrument.advice):
        yield from _unknown(located, ("advice", number, "domain"), advice.domain, domains)
    yield from _altitude(instrument, located, domains)
    yield from _failure(instrument, located, domains)
    yield from _remedies(instrument, located, index_ids)
    yield from _crosswalk(instrument, located, item_ids)


def _remedies(instrument: Instrument, located: Located, index_ids: Sequence[str]) -> Iterator[Problem]:
    """Tell actions of an unknown step, and those that answer neither an index nor a failure mode."""
    steps = [step.id for step in instrument.steps]
    answered = [*index_ids, *(mode.domain for mode in instrument.failure_modes)]
    yield from _used_twice(located, "steps", steps, "id")
    for number, remedy in enumerate(instrument.remedies):
        yield from _unknown(located, ("remedies", number, "step"), remedy.step, steps)
        for place, one in enumerate(remedy.answers):
            yield from _unknown(located, ("remedies", number, "answers", place), one, answered)


def _crosswalk(instrument: Instrument, located: Located, item_ids: Sequence[str]) -> Iterator[Problem]:
    """Tell items of an earlier version that lead to no item, or that have their id still."""
    for number, walk in enumerate(instrument.crosswalk):
        for old, new in walk.items.items():
            path = ("crosswalk", number, "items", old)
            if old in item_ids:
                allowed = "an id that this version has no longer"
                yield _problem(located, path, shorten(old), allowed, "Take it out; an id is never used again.")
            if new is not None:
                yield from _unknown(located, path, new, item_ids)


def _altitude(instrument: Instrument, located: Located, domains: Sequence[str]) -> Iterator[Problem]:
    """Tell levels and requirements that name no altitude, and decisions that nobody is asked about."""
    rungs = [altitude.id for altitude in instrument.altitudes]
    decisions = [rule.decision for rule in instrument.requirements]
    yield from _used_twice(located, "altitudes", rungs, "id")
    yield from _used_twice(located, "requirements", decisions, "decision")
    for name, scale in instrument.scales.items():
        levelled = any(option.level for option in scale.options)
        for number, option in enumerate(scale.options):
            path = ("scales", name, "options", number)
            if levelled and not option.level:
                yield _problem(located, path, "no level", f"a level: {', '.join(rungs)}", "Add it, as the others have.")
            elif levelled:
                yield from _no_altitude(located, (*path, "level"), option.level, rungs)
    for number, rule in enumerate(instrument.requirements):
        yield from _unknown(located, ("requirements", number, "decision"), rule.decision, domains)
        for stage in ("early", "scaling", "mature"):
            for side, altitude in rule.at(stage):
                yield from _no_altitude(located, ("requirements", number, stage, side), altitude, rungs)
        for side in ("designs", "decides") if rule.decision in domains else ():
            path = ("requirements", number, "decision")
            yield from _not_asked(instrument, located, path, f"{rule.decision}.{side}", "level")


def _failure(instrument: Instrument, located: Located, domains: Sequence[str]) -> Iterator[Problem]:
    """Tell failure modes without evidence items, and parts to build that nobody is asked about."""
    modes = [mode.domain for mode in instrument.failure_modes]
    yield from _used_twice(located, "failure_modes", modes, "domain")
    for number, domain in enumerate(modes):
        path = ("failure_modes", number, "domain")
        yield from _unknown(located, path, domain, domains)
        items = [item for item in instrument.items if item.domain == domain and item.scale in instrument.scales]
        told = any(option.danger for item in items for option in instrument.scale_of(item).options)
        if domain in domains and not told:
            allowed = f"an item of {domain} with an answer that is marked danger: true"
            yield _problem(located, path, shorten(domain), allowed, "Add one, or mark the answer.")
    for number, domain in enumerate(instrument.build_order):
        yield from _unknown(located, ("build_order", number), domain, domains)
        if domain in instrument.build_order[:number]:
            yield _problem(located, ("build_order", number), shorten(domain), "a part named once", "Take one out.")
        elif domain in domains:
            yield from _not_asked(instrument, located, ("build_order", number), f"{domain}.in_place", "ordinal")


def _not_asked(
    instrument: Instrument, located: Located, path: YamlPath, question: str, needs: Literal["level", "ordinal"]
) -> Iterator[Problem]:
    """Tell a rule whose question is not there, or is answered on a scale that the rule cannot use."""
    item = instrument.item(f"{instrument.id}.{question}")
    scale = None if item is None else instrument.scales.get(item.scale)
    if item is None:
        allowed = f"a decision or part with the item {instrument.id}.{question}"
        yield _problem(located, path, "no such item", allowed, "Add the item, or take this out.")
    elif scale is not None and needs == "ordinal" and scale.kind != "ordinal":
        yield _problem(located, path, f"scale {item.scale}", "an ordinal scale", f"Give {item.id} another scale.")
    elif scale is not None and needs == "level" and not any(option.level for option in scale.options):
        allowed = "a scale whose answers have levels"
        yield _problem(located, path, f"scale {item.scale}", allowed, f"Give {item.id} another scale.")


def _no_altitude(located: Located, path: YamlPath, level: str, rungs: Sequence[str]) -> Iterator[Problem]:
    if rungs:
        yield from _unknown(located, path, level, rungs)
    else:
        yield _problem(located, path, shorten(level), "one of altitudes, of which there are none", "Add altitudes.")


def _used_twice(located: Located, place: str, ids: Sequence[str], key: str) -> Iterator[Problem]:
    for number, one in enumerate(ids):
        if one in ids[:number]:
            yield _problem(located, (place, number, key), shorten(one), "an id used once", "Rename one of the two.")


def _cannot_score(instrument: Instrument, rule: IndexRule, located: Located, number: int) -> Iterator[Problem]:
    """Tell an index whose method does not fit the scales of its items."""
    items = [item for item in instrument.items_of(rule.facet) if item.scale in instrument.scales]
    if rule.method == "mean" and any(instrument.scale_of(item).kind != "ordinal" for item in items):
        allowed = "method mean over items on ordinal scales only"
        yield _problem(located, ("indices", number, "method"), "a choice scale", allowed, "Use method count.")
    if rule.method == "count" and not rule.counts:
        allowed = "the answer to count, such as counts: yes"
        yield _problem(located, ("indices", number, "method"), "no counts", allowed, "Add counts.")
    elif rule.method == "count":
        for known in sorted({tuple(map(str, _options(instrument, item.id))) for item in items}):
            yield from _unknown(located, ("indices", number, "counts"), rule.counts, known)


def _options(instrument: Instrument, item_id: str) -> list[Value]:
    """Return the answers that an item allows; none where it, or its scale, is unknown and told as such."""
    item = instrument.item(item_id)
    scale = None if item is None else instrument.scales.get(item.scale)
    return [] if scale is None else [option.value for option in scale.options]


def _unknown(located: Located, path: YamlPath, word: Value, known: Sequence[Value]) -> Iterator[Problem]:
    words = list(dict.fromkeys(map(str, known)))
    if known and word not in known:
        yield _problem(located, path, shorten(word), f"one of {', '.join(words)}", did_you_mean(str(word), words))


def _problem(located: Located, path: YamlPath, found: str, allowed: str, remedy: str) -> Problem:
    return Problem(located.shown_as, located.place(path), found, allowed, remedy or "Correct it.")
