"""Hold operating_model.yaml against itself and the rules: names that lead nowhere, names used twice, dates to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gtmdiag.engagement.operating_file import OperatingFile
from gtmdiag.engagement.operating_model import OPERATING_FILE
from gtmdiag.engagement.validation import YamlPath
from gtmdiag.errors import Problem, Severity, did_you_mean, shorten
from gtmdiag.instruments.operating_rules import OperatingRules, plain


def check_operating_model(file: OperatingFile, rules: OperatingRules, *, today: date) -> tuple[Problem, ...]:
    """Return every problem of the file that its schema cannot see.

    Parameters
    ----------
    file
        The file as read.
    rules
        The published rules, whose ids may be adopted.
    today
        The clock; dates after it are not believed.
    """
    found = (*_used_twice(file), *_unknown_stages(file), *_unknown_activities(file), *_adopted(file, rules))
    return (*file.problems, *found, *_metrics(file, rules), *_dates_to_come(file, today))


def _used_twice(file: OperatingFile) -> Iterator[Problem]:
    model = file.model
    names: dict[tuple[str, str], Sequence[str]] = {
        ("stages", "name"): [stage.name for stage in model.stages],
        ("handoffs", "step"): [handoff.name for handoff in model.handoffs],
        ("raci", "activity"): [row.activity for row in model.raci],
        ("kpis", "metric"): [kpi.metric for kpi in model.kpis],
    }
    for (part, key), listed in names.items():
        keys = [plain(name) for name in listed]
        for number, name in enumerate(keys):
            if name in keys[:number]:
                found = f"{shorten(listed[number])} a second time"
                yield _problem(file, (part, number, key), found, "each once", "Keep one of the two.")


def _unknown_stages(file: OperatingFile) -> Iterator[Problem]:
    stages = {plain(stage.name): stage.name for stage in file.model.stages}
    for number, handoff in enumerate(file.model.handoffs if stages else ()):
        for name in handoff.step:
            if plain(name) not in stages:
                remedy = did_you_mean(plain(name), stages) or "Name a stage, or add this one under 'stages'."
                allowed = f"one of the stages: {', '.join(stages.values())}"
                yield _problem(file, ("handoffs", number, "step"), shorten(name), allowed, remedy)


def _unknown_activities(file: OperatingFile) -> Iterator[Problem]:
    known = [stage.name for stage in file.model.stages] + [handoff.name for handoff in file.model.handoffs]
    for number, row in enumerate(file.model.raci if known else ()):
        if plain(row.activity) not in map(plain, known):
            remedy = did_you_mean(plain(row.activity), map(plain, known)) or "It is shown, but counts for no stage."
            allowed = "the name of a stage or handoff"
            yield _problem(file, ("raci", number, "activity"), shorten(row.activity), allowed, remedy, "warning")


def _adopted(file: OperatingFile, rules: OperatingRules) -> Iterator[Problem]:
    known = [rule.id for rule in rules.kpis]
    own = {plain(kpi.metric) for kpi in file.model.kpis}
    for name in file.model.adopted:
        if name not in known:
            allowed = f"a published rule: {', '.join(known)}"
            remedy = did_you_mean(name, known) or "Write a rule of your own under 'kpis'."
            yield _problem(file, ("adopted", name), shorten(name), allowed, remedy)
        elif name in own:
            remedy = "Take it out here; your own rule under 'kpis' counts."
            yield _problem(file, ("adopted", name), shorten(name), "a rule that 'kpis' does not have", remedy)


def _metrics(file: OperatingFile, rules: OperatingRules) -> Iterator[Problem]:
    for number, kpi in enumerate(file.model.kpis):
        if rules.misdeclared(kpi):
            remedy = "Write 'kind: lagging'. It tells a quarter's result, and not what to do next week."
            yield _problem(file, ("kpis", number, "kind"), "leading", "lagging, for this metric", remedy, "warning")
        if kpi.threshold is not None and kpi.direction is None:
            remedy = "Add 'direction: below' or 'direction: above'; without it the rule cannot be run."
            found = "a threshold without a direction"
            yield _problem(file, ("kpis", number, "threshold"), found, "both", remedy, "warning")


def _dates_to_come(file: OperatingFile, today: date) -> Iterator[Problem]:
    for path, day in file.model.days:
        if day > today:
            allowed = f"a date up to {today}"
            yield _problem(file, path, str(day), allowed, "It counts as not given. Correct it.", "warning")


def _problem(
    file: OperatingFile, path: YamlPath, found: str, allowed: str, remedy: str, severity: Severity = "error"
) -> Problem:
    return Problem(OPERATING_FILE, file.located.place(path), found, allowed, remedy, severity)
