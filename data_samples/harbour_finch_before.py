"""Harbour & Finch half a year before: owned in name, run from the top, and what marketing and sales say today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from data_samples.company import Person, marketing
from data_samples.truths import MarketingTruth

_TO_MARCH = {
    "champion_operator": {"champion": -2, "operator": 2, "autonomy": 0},
    "operating_model": {"claimed": -1, "in_place": -1},
}
_LEAST, _MOST = {"champion_operator": 1}, {"champion_operator": 5}

# One in marketing and one in sales, both of whom agreed to be shown by role.
MARKETING = {
    "owen-pryce": marketing(
        (5, 4, 4, 4), (4, 3, 5, 4), (5, 3, 4, 5, 4), (4, 4, 4, 5), ("yes", "yes", "yes", "no", "no"), "yes"
    ),
    "maya-lindqvist": marketing(
        (5, 4, 4, 4), (4, 4, 5, 4), (4, 4, 4, 5, 4), (4, 3, 4, 5), ("yes", "yes", "yes", "no", "no"), "yes"
    ),
}

TRUTH = MarketingTruth(shown=("declared", "declared"), apart=(), low=(), missing=())


def before(person: Person) -> Person:
    """Return a person's answers of March: two steps worse on the CEO's role, and little of the institution there."""
    answers = {
        name: {facet: _earlier(name, facet, given) for facet, given in facets.items()}
        for name, facets in person.answers.items()
        if name in ("champion_operator", "ownership_altitude", "operating_model")
    }
    answers["champion_operator"] |= {"room": ("no",)}
    answers["ownership_altitude"] |= {
        "named": ("ceo_in_name" if person.role != "cpo" else "nobody",),
        "in_place": (1, 1, 1, 0, 0, 0, 0, 0, 1),
        "months": ("none",),
        "home_targets": (None,),
    }
    return replace(person, saved_at=person.saved_at.replace("2026-09", "2026-03"), answers=answers)


def _earlier(name: str, facet: str, given: tuple[int | str | None, ...]) -> tuple[int | str | None, ...]:
    change: Mapping[str, int] = _TO_MARCH.get(name, {})
    least, most = _LEAST.get(name, 0), _MOST.get(name, 4)
    step = change.get(facet, 0)
    return tuple(min(max(one + step, least), most) if step and isinstance(one, int) else one for one in given)


ACTIONS = """\
# Actions of the weekly stand-up of a fictional company. Every name and number is made up.

schema: gtmdiag.actions/1

actions:
  - id: 2026-W12-owner
    opened: 2026-W12
    finding: ownership_altitude.owner
    action: Sign the page that names the CEO as owner of the model and the CRO as its steward.
    owner: CEO
    due: 2026-03-27
    state: done
  - id: 2026-W39-lead-form
    opened: 2026-W39
    action: Take two fields that nobody reads out of the enquiry form.
    owner: CMO
    due: 2026-10-05
    state: open
"""
