"""Find, read and validate instruments: the packaged ones and a consultant's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.yamlfile import Located, YamlPath, load_yaml, validate
from gtmdiag.errors import InputError, MissingError, Problem, did_you_mean, shorten
from gtmdiag.instruments.rules import stages
from gtmdiag.instruments.schema import IndexRule, Instrument, Item, Value

PACKAGED = ("champion_operator", "gut_check", "ownership_altitude")
OWN_FOLDER = "instruments"


def load_instrument(path: Path, shown_as: str) -> Instrument:
    """Read one instrument file.

    Raises
    ------
    InputError
        With every problem of the file: of its YAML, its schema and its inner references.
    """
    located = load_yaml(path, shown_as)
    instrument = validate(Instrument, located)
    problems = tuple(_inconsistencies(instrument, located))
    if problems:
        raise InputError(problems)
    return instrument


@cache
def packaged(instrument_id: str) -> Instrument:
    """Return an instrument that comes with the suite."""
    return load_instrument(Path(__file__).with_name(f"{instrument_id}.yaml"), f"{instrument_id}.yaml")


def load_all(root: Path) -> tuple[dict[str, Instrument], tuple[Problem, ...]]:
    """Return every instrument of an engagement by id, and every problem of its own files.

    An own file in the folder ``instruments/`` with the id of a packaged instrument replaces it (a translation, another
    wording); it must keep the indices, verdicts, items, advice and structures of the packaged one. A file with a
    problem is left out.
    """
    instruments = {name: packaged(name) for name in PACKAGED}
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in sorted((root / OWN_FOLDER).glob("*.y*ml")):
        shown_as = f"{OWN_FOLDER}/{path.name}"
        try:
            own = load_instrument(inside(root, OWN_FOLDER, path.name), shown_as)
        except InputError as error:
            problems += error.problems
            continue
        except MissingError:
            problems.append(Problem(shown_as, "", "a link to nothing", "a file", "Put the file itself here."))
            continue
        departures = list(_departures(own, packaged(own.id), shown_as)) if own.id in PACKAGED else []
        if own.id in seen:
            departures.append(_used_twice(own.id, shown_as, seen[own.id]))
        problems += departures
        seen[own.id] = shown_as
        if not departures:
            instruments[own.id] = own
    return instruments, tuple(problems)


def _used_twice(instrument_id: str, shown_as: str, first: str) -> Problem:
    return Problem(
        shown_as, "id", shorten(instrument_id), f"an id of its own ({first} has this one)", "Give one file a new id."
    )


def _departures(own: Instrument, original: Instrument, shown_as: str) -> Iterator[Problem]:
    """Tell where a replacement of a packaged instrument lacks what its diagnostic needs."""
    kept = {
        "indices": ({rule.id for rule in own.indices}, {rule.id for rule in original.indices}),
        "verdicts": ({rule.id for rule in own.verdicts}, {rule.id for rule in original.verdicts}),
        "items": ({item.id for item in own.items}, {item.id for item in original.items}),
        "advice": ({advice.domain for advice in own.advice}, {advice.domain for advice in original.advice}),
        "structures": ({part.id for part in own.structures}, {part.id for part in original.structures}),
    }
    for place, (present, needed) in kept.items():
        missing = sorted(needed - present)
        if missing:
            yield Problem(
                shown_as,
                place,
                f"no {', '.join(missing)}",
                f"all {place} of the packaged {original.id}, beside any of your own",
                "Add them, or give the instrument an id of its own.",
            )
    for item in original.items:
        replacing = own.item(item.id)
        if replacing is not None and _scores_as(own, replacing) != _scores_as(original, item):
            answers = ", ".join(str(option.value) for option in original.scale_of(item).options)
            allowed = f"the answers {answers} and the polarity of the packaged item, in any wording"
            yield Problem(shown_as, item.id, "another scale", allowed, "Give the item an id of its own.")
    methods = {rule.id: (rule.facet, rule.method, rule.counts) for rule in own.indices}
    for rule in original.indices:
        method = (rule.facet, rule.method, rule.counts)
        if methods.get(rule.id, method) != method:
            allowed = f"facet {rule.facet} and method {rule.method} as in the packaged {original.id}"
            yield Problem(shown_as, f"indices, {rule.id}", "another rule", allowed, "Give the index an id of its own.")


def _scores_as(instrument: Instrument, item: Item) -> tuple[object, ...]:
    scale = instrument.scale_of(item)
    return scale.kind, [option.value for option in scale.options], item.polarity


def _inconsistencies(instrument: Instrument, located: Located) -> Iterator[Problem]:
    """Tell every reference inside the instrument that leads nowhere, and every rule that cannot score."""
    domains = [domain.id for domain in instrument.domains]
    item_ids = [item.id for item in instrument.items]
    index_ids = [rule.id for rule in instrument.indices]
    verdict_ids = [rule.id for rule in instrument.verdicts]
    known_stages = [stage.id for stage in stages().stages]
    for place, ids in (("items", item_ids), ("domains", domains), ("indices", index_ids), ("verdicts", verdict_ids)):
        for number, one in enumerate(ids):
            if one in ids[:number]:
                yield _problem(
                    located, (place, number, "id"), shorten(one), "an id used once", "Rename one of the two."
                )
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
