"""What the leaders guessed before any result, against what the data say: the biggest leak and its rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.folder import chosen_wave, read_folder
from gtmdiag.engagement.schema import Answers, Prediction
from gtmdiag.engagement.validation import validate
from gtmdiag.funnel.config import name_key
from gtmdiag.funnel.leaks import Leak
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.trail import Sentence, Trail

ANOTHER = "another stage"
_RULE = "guess before the result, against the measured leak"


@dataclass(frozen=True)
class Actual:
    """The biggest leak as measured: by its worth where that is known, else by its distance to the benchmark.

    ``rate``, ``low`` and ``high`` are in percent, within ``horizon_days``.
    """

    stage: str
    to: str
    rate: float
    low: float
    high: float
    horizon_days: int


@dataclass(frozen=True)
class Guess:
    """One guess: the stage that was named, whether that is the leak, and how far its rate is off, in points.

    ``error`` is guess less measured; None where no rate was given or the stage's rate is not measured.
    """

    stage: str
    right: bool
    rate: float | None
    measured: float | None
    error: float | None


@dataclass(frozen=True)
class GroupGuess:
    """The leaders' guesses as a group.

    Attributes
    ----------
    n
        Leaders who guessed.
    right
        How many of them named the measured leak; None below the group's minimum, as are all others.
    named
        Stages by how many named them, most first; what is no stage of the export counts as `ANOTHER`.
    rates
        Leaders who guessed the rate of the measured leak, and gave one.
    mean_error
        Their mean guess less the measured rate, in points; None below the minimum of those leaders.
    spread
        Standard deviation of their guesses, in points; None below the minimum for a spread.
    """

    n: int
    right: int | None
    named: tuple[tuple[str, int], ...] | None
    rates: int
    mean_error: float | None
    spread: float | None


@dataclass(frozen=True)
class Calibration:
    """Everyone's guesses against the data; ``actual`` is None where no leak stands out of chance."""

    actual: Actual | None
    ceo: Guess | None
    leaders: GroupGuess
    sentences: tuple[Sentence, ...]


def predictions(root: Path, wave: str = "") -> dict[str, tuple[str, Prediction]]:
    """Return role and guess of each respondent of a wave who made one, by id.

    Raises
    ------
    InputError, MissingError, UsageError
        As `gtmdiag.engagement.folder.read_folder`.
    """
    folder = read_folder(root)
    found: dict[str, tuple[str, Prediction]] = {}
    for one in folder.waves.get(chosen_wave(folder.waves, wave), ()):
        guess = validate(Answers, one.located).prediction
        if guess is not None and guess.stage is not None:
            found[one.id] = (one.role, guess)
    return found


def calibrate(
    guesses: Mapping[str, tuple[str, Prediction]], funnel: FunnelResult | None, rule: AnonymityRule
) -> Calibration:
    """Hold guesses against the funnel. Suite method: the CEO's is named, the leaders' are a group's.

    Parameters
    ----------
    guesses
        Role and guess by respondent.
    funnel
        The analysed export, or None.
    rule
        From how many leaders a count, a mean and a spread may be shown.
    """
    measured = _measured(funnel)
    actual = _actual(funnel)
    stages = {name_key(row.stage): row.stage for row in funnel.stages} if funnel is not None else {}
    found = [(role, _guess(guess, actual, measured, stages)) for role, guess in guesses.values()]
    ceo = next((guess for role, guess in found if role == "ceo"), None)
    leaders = [guess for role, guess in found if role != "ceo"]
    group = _group(leaders, actual, rule)
    return Calibration(actual, ceo, group, tuple(_sentences(actual, ceo, group)))


def _actual(funnel: FunnelResult | None) -> Actual | None:
    leaks = [leak for leak in funnel.estimates.leaks if leak.flagged] if funnel and funnel.estimates else []
    if not leaks:
        return None
    worth = all(leak.value is not None for leak in leaks)
    biggest = max(leaks, key=lambda leak: (leak.value or 0.0) if worth else _distance(leak))
    share = biggest.conversion
    return Actual(
        biggest.stage, biggest.to, 100 * share.estimate, 100 * share.low, 100 * share.high, share.horizon_days
    )


def _distance(leak: Leak) -> float:
    return leak.benchmark.share - leak.conversion.estimate


def _measured(funnel: FunnelResult | None) -> dict[str, float]:
    """Return each stage's conversion in percent, by the key of its name."""
    stages = funnel.estimates.stages if funnel and funnel.estimates else ()
    return {name_key(one.stage): 100 * one.conversion.estimate for one in stages if one.conversion is not None}


def _guess(guess: Prediction, actual: Actual | None, measured: Mapping[str, float], stages: Mapping[str, str]) -> Guess:
    key = name_key(guess.stage or "")
    stage = stages.get(key, ANOTHER)
    truth = measured.get(key)
    error = None if guess.rate is None or truth is None else guess.rate - truth
    return Guess(stage, actual is not None and stage == actual.stage, guess.rate, truth, error)


def _group(leaders: Sequence[Guess], actual: Actual | None, rule: AnonymityRule) -> GroupGuess:
    shown = rule.may_show_score(len(leaders))
    named = Counter(one.stage for one in leaders)
    rates = [one.rate for one in leaders if one.right and one.rate is not None]
    mean_shown = shown and actual is not None and rule.may_show_score(len(rates))
    spread_shown = mean_shown and rule.may_show_spread(len(rates))
    return GroupGuess(
        n=len(leaders),
        right=sum(one.right for one in leaders) if shown and actual is not None else None,
        named=tuple(sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))) if shown else None,
        rates=len(rates) if shown else 0,
        mean_error=mean(rates) - actual.rate if mean_shown and actual is not None else None,
        spread=stdev(rates) if spread_shown else None,
    )


def _sentences(actual: Actual | None, ceo: Guess | None, group: GroupGuess) -> list[Sentence]:
    def said(text: str, n: int | None = None) -> Sentence:
        return Sentence(text, Trail(_RULE, "suite", ("prediction", "crm"), n))

    if actual is None:
        return [said("No step leaks beyond chance in the data, so no guess can be right or wrong yet.")]
    within = f" within {actual.horizon_days} days" if actual.horizon_days else ""
    found = [
        said(
            f"The biggest leak in the data is {actual.stage} to {actual.to}: {actual.rate:.0f} % move on"
            f"{within} ({actual.low:.0f} to {actual.high:.0f} %)."
        )
    ]
    if ceo is not None:
        rate = "" if ceo.rate is None else f" at {ceo.rate:.0f} %"
        found.append(said(f"The CEO guessed {ceo.stage}{rate}: {'the same step' if ceo.right else 'another step'}."))
    if group.right is not None:
        found.append(said(f"{group.right} of {group.n} leaders named that step.", group.n))
    if group.mean_error is not None:
        way = "above" if group.mean_error > 0 else "below"
        text = f"Their mean guess of its rate is {abs(group.mean_error):.0f} points {way} the measured one."
        found.append(said(text, group.rates))
    return found
