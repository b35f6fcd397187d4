"""Changes between two periods in plain sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.funnel.change import StepChange
from gtmdiag.funnel.estimates.difference import Contrast
from gtmdiag.funnel.words import listed, points
from gtmdiag.trail import Sentence, Trail

_RULE = (
    "conversion by week of entry in two periods (Aalen–Johansen at one horizon), parted into rate and mix (Kitagawa)"
)
_INPUTS = ("stage", "entered_at", "segment")


def change_sentences(steps: Sequence[StepChange]) -> tuple[Sentence, ...]:
    """Say what changed beyond chance and why, where segments and total go apart, and what could not be told."""
    known = [step for step in steps if step.change is not None]
    found = [Sentence(_changed(step), _trail(step)) for step in known if step.changed]
    if known and not found:
        n = sum(step.n_before + step.n_after for step in known)
        text = "Between the two periods no step's conversion changed beyond chance."
        found.append(Sentence(text, Trail(_RULE, "suite", _INPUTS, n)))
    found += [Sentence(_against(step), _trail(step)) for step in known if step.against]
    lacking = [f"{step.stage} → {step.to}" for step in steps if step.lacking]
    if lacking:
        text = f"Not enough data to compare two periods: {listed(lacking)}."
        found.append(Sentence(text, Trail("fewest deals for a comparison", "suite", _INPUTS)))
    return tuple(found)


def _trail(step: StepChange) -> Trail:
    return Trail(_RULE, "suite", _INPUTS, step.n_before + step.n_after)


def _changed(step: StepChange) -> str:
    assert step.change is not None and step.rate is not None and step.mix is not None
    way = "rose" if step.change.estimate > 0 else "fell"
    text = f"{step.stage} → {step.to} {way} from {step.before:.1%} to {step.after:.1%} ({_points(step.change)}) among "
    text += f"deals that entered from {step.turn} on, against the {step.weeks} weeks before. "
    if len(step.segments) < 2:
        return text + "Without enough deals in several segments, rate and mix cannot be told apart."
    text += f"Segments' own conversion makes up {_points(step.rate)}, their mix {_points(step.mix)}"
    sure = [name for name, part in (("own conversion", step.rate), ("mix", step.mix)) if part.low > 0 or part.high < 0]
    return f"{text}; beyond chance by itself: {listed(sure) or 'neither'}."


def _against(step: StepChange) -> str:
    total, own = ("falls", "rises") if step.against == "rise" else ("rises", "falls")
    text = f"{step.stage} → {step.to} {total} in total ({step.before:.1%} to {step.after:.1%}) while every segment "
    text += f"{own}: the mix moved towards segments that convert {'less' if own == 'rises' else 'better'}."
    return text if step.changed else f"{text} The total's change is within chance."


def _points(part: Contrast) -> str:
    return f"{points(part.estimate)} points, {points(part.low)} to {points(part.high)}"
