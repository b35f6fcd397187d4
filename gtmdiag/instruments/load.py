"""Find, read and validate instruments: the packaged ones and a consultant's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.errors import InputError, MissingError, Problem, shorten
from gtmdiag.instruments.consistency import inconsistencies
from gtmdiag.instruments.schema import Instrument, Item

PACKAGED = ("champion_operator", "gut_check", "ownership_altitude", "operating_model", "marketing")
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
    problems = tuple(inconsistencies(instrument, located))
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
    wording); it must keep all that the packaged one has by id: indices, verdicts, items, altitudes in their order
    and so on. A file with a problem is left out.
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
        "altitudes": ({rung.id for rung in own.altitudes}, {rung.id for rung in original.altitudes}),
        "requirements": ({rule.decision for rule in own.requirements}, {one.decision for one in original.requirements}),
        "failure_modes": ({mode.domain for mode in own.failure_modes}, {one.domain for one in original.failure_modes}),
        "build_order": (set(own.build_order), set(original.build_order)),
        "steps": ({step.id for step in own.steps}, {step.id for step in original.steps}),
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
    order = [rung.id for rung in original.altitudes]
    rungs = [rung.id for rung in own.altitudes if rung.id in order]
    if sorted(rungs) == sorted(order) and rungs != order:
        allowed = f"lowest first: {', '.join(order)}"
        yield Problem(shown_as, "altitudes", "another order", allowed, "Keep the order of the packaged instrument.")
    for item in original.items:
        replacing = own.item(item.id)
        if replacing is not None and _scores_as(own, replacing) != _scores_as(original, item):
            answers = ", ".join(str(option.value) for option in original.scale_of(item).options)
            allowed = f"the answers {answers}, with the levels and the polarity of the packaged item, in any wording"
            yield Problem(shown_as, item.id, "another scale", allowed, "Give the item an id of its own.")
    methods = {rule.id: (rule.facet, rule.method, rule.counts) for rule in own.indices}
    for rule in original.indices:
        method = (rule.facet, rule.method, rule.counts)
        if methods.get(rule.id, method) != method:
            allowed = f"facet {rule.facet} and method {rule.method} as in the packaged {original.id}"
            yield Problem(shown_as, f"indices, {rule.id}", "another rule", allowed, "Give the index an id of its own.")


def _scores_as(instrument: Instrument, item: Item) -> tuple[object, ...]:
    scale = instrument.scale_of(item)
    return scale.kind, [(option.value, option.level) for option in scale.options], item.polarity
