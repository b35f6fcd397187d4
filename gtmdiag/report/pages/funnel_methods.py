"""How each figure of the funnel is made, in words."""

from __future__ import annotations

from typing import Final, Literal

from gtmdiag.funnel.limits import DRAWS, FALSE_ALARMS, FOLLOWED, LONGEST, MINIMUM_DEALS, MINIMUM_WON, SEED

Method = Literal[
    "stages",
    "definitions",
    "conversion",
    "interval",
    "by_value",
    "benchmarks",
    "multiple",
    "leaks",
    "what_if",
    "forecast",
    "time",
    "mean_days",
    "stalled",
    "trend",
    "rules",
    "mix",
    "segments",
    "handoffs",
    "hygiene",
]

METHODS: Final[dict[Method, tuple[str, str, str]]] = {
    "stages": (
        "Deals by stage",
        (
            "A deal counts once in each stage, from its first entry. There it ends as moved on (to any later stage, "
            "or won), as lost, or as still open on the as-of date. A stage that was skipped was not entered."
        ),
        "suite method",
    ),
    "definitions": (
        "Three definitions",
        (
            "Strict: of the deals that entered a stage, those that went on to exactly the next one. Any: of those "
            "that reached the stage or a later one, those that reached a later one or were won. First: of those "
            "that entered, those that moved on without falling back before. All so far. Where the three lie apart, "
            "so will two people who each use another."
        ),
        "suite method",
    ),
    "conversion": (
        "Conversion",
        (
            "Day by day since entry, the share of the deals still there that moves on, and the share that is lost, "
            "on that day; carried on up to a horizon. An open deal counts for as long as it was followed and no "
            f"longer, so young deals do not pull the share down. The horizon is the longest, up to {LONGEST} days, "
            f"to which {FOLLOWED} deals were followed."
        ),
        "Aalen and Johansen 1978",
    ),
    "interval": (
        "95 % interval of a share",
        (
            "Wilson's interval, with n the number of deals followed to their end that would be as certain: share × "
            f"(1 − share) / variance of the estimate. From {MINIMUM_DEALS} deals up; below, not enough data."
        ),
        "Wilson 1927; Marubini and Valsecchi 1995",
    ),
    "by_value": (
        "Conversion by value",
        (
            "The same with each deal weighing its amount. Deals are what varies, not the money in them, so a few "
            "large deals make the interval wide."
        ),
        "infinitesimal jackknife, Efron 1981",
    ),
    "benchmarks": (
        "Benchmark of a step",
        (
            "The client's own target from crm.yaml; else a published value, the near end of its range; else the "
            "client's own better period or segment, only where these differ beyond chance, and shrunk towards the "
            "whole, since the best of several looks better than it is."
        ),
        "suite method; published values with their sources",
    ),
    "multiple": (
        "Which steps are named leaks",
        (
            f"All steps are tested together, so that on average at most {FALSE_ALARMS:.0%} of those that are named "
            "are false alarms."
        ),
        "Benjamini and Hochberg 1995",
    ),
    "leaks": (
        "Worth of a leak",
        (
            "Revenue is the number of deals that enter, times their chance to be won along the stages, times the "
            f"mean amount of a won deal (of at least {MINIMUM_WON}). A step's part is what meeting its benchmark "
            "adds to that, on average over every order in which the steps could be mended (Shapley); so the parts "
            "add to the whole gap. Signed, and only if the later stages hold. The interval is the middle 95 % of "
            f"{DRAWS:,} draws of conversions, ways and amount (seed {SEED})."
        ),
        "Caswell 2013; Shapley 1953, computed as in Owen 1972",
    ),
    "what_if": (
        "What if",
        (
            "The same revenue, solved anew with other conversions at some stages and all else as it is, for the "
            "estimate and for each of the draws."
        ),
        "suite method",
    ),
    "forecast": (
        "Open pipeline",
        (
            "The amounts of the open deals of each stage times the share of deals that is won from there; how old "
            "or large a deal is does not enter. The interval holds both how sure that share is and the chance of "
            "the deals themselves."
        ),
        "suite method",
    ),
    "time": (
        "Time in stage",
        (
            "Days until a quarter, half and three quarters have left by any way out; an open deal counts for as "
            "long as it has stayed. An end that is not reached within the time watched is said to be so."
        ),
        "Kaplan and Meier 1958; interval: Brookmeyer and Crowley 1982",
    ),
    "mean_days": (
        "Mean days",
        "Mean stay with each stay cut at the horizon, since the tail beyond it has not been seen.",
        "restricted mean of the Kaplan–Meier curve",
    ),
    "stalled": (
        "Stalled deals",
        (
            "Open for longer than nine in ten deals of the same stage stay. Beside it the published alarm of twice "
            "the median, with the share of quite normal deals that pass it."
        ),
        "suite method; OE for twice the median",
    ),
    "trend": (
        "Over time",
        (
            "For each week or month, the days that deals then spent in the stage, by age: a deal that came earlier "
            "counts from the first day of the window, at the age that it has. So a fall shows at once, and growth "
            "alone moves nothing."
        ),
        "Aalen–Johansen by period, left-truncated",
    ),
    "rules": (
        "Rules with a window",
        (
            "Judged as written. Beside each stands how often it would fire in a year by chance alone at this "
            "volume, and a test that pools the weeks."
        ),
        "OE for the published rules; false alarms: suite method",
    ),
    "mix": (
        "Mix or rate",
        (
            "A change of the whole is split into the part from other shares of the segments and the part from other "
            "conversions within them."
        ),
        "Kitagawa 1955",
    ),
    "segments": (
        "Segments",
        (
            "Each segment is drawn towards the whole, the more so the fewer deals it has and the less the segments "
            "differ beyond chance. A rank alone is never told."
        ),
        "hierarchical model, solved on a grid",
    ),
    "handoffs": (
        "Handoffs",
        (
            "Time from entry into the stage until the deal moves on or is lost, in business hours where client.yaml "
            "names them; a deal that waits counts for as long as it has waited. The share in time has the interval "
            "above."
        ),
        "Kaplan and Meier 1958",
    ),
    "hygiene": (
        "Trust gate",
        (
            "Each check of the data has a threshold. Where it is passed, the results that rest on these data are "
            "marked to be read with care."
        ),
        "suite method",
    ),
}
"""Title, how it is made, and its source, in the order of the page."""
