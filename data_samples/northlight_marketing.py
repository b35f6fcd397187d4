"""How marketing operates at Northlight Systems: marketing takes its work for measured, sales sees nothing of it."""

from __future__ import annotations

from data_samples.company import Person, marketing
from data_samples.truths import MarketingTruth

# In order: data in real time, partners, a strategy for revenue, a lead source only, no knowledge of customers.
ANSWERS = {
    "anna-berg": marketing(
        (4, 3, 3, 3), (3, 2, 2, 3), (3, 2, 3, 2, 3), (3, 3, 3, 2), ("no", "yes", "no", "yes", "no"), "yes"
    ),
    "lena-vogt": marketing(
        (4, 3, 4, 3), (4, 3, 4, 4), (3, 2, 3, 2, 3), (4, 3, 3, 3), ("no", "yes", "yes", "yes", "no"), "yes"
    ),
    "marc-delorme": marketing(
        (3, 2, 3, 3), (2, 1, 2, 2), (3, 2, 2, 2, 3), (2, 3, 3, 1), ("no", "yes", "no", "yes", "yes"), "yes"
    ),
}

# Asked on marketing alone.
PEOPLE = (
    Person(
        "ida-holm",
        "Ida Holm",
        "vp_marketing",
        "2026-10-15T10:10:00+02:00",
        {
            "marketing": marketing(
                (4, 3, 3, 4), (4, 4, 4, 3), (3, 2, 4, 2, 3), (3, 3, 4, 3), ("no", "yes", "no", "yes", "no"), "no"
            )
        },
    ),
    Person(
        "piet-kuiper",
        "Piet Kuiper",
        "vp_marketing",
        "2026-10-15T14:25:00+02:00",
        {
            "marketing": marketing(
                (3, 3, 4, 4), (4, 3, 4, 4), (2, 2, 3, 2, 3), (3, 3, 3, 3), ("yes", "yes", "yes", "yes", "no"), "yes"
            )
        },
    ),
    Person(
        "sven-maas",
        "Sven Maas",
        "vp_sales",
        "2026-10-16T09:40:00+02:00",
        {
            "marketing": marketing(
                (3, 3, 2, 3), (2, 2, 1, 2), (2, 2, 2, 1, 3), (3, 2, 3, 2), ("no", "no", "no", "no", "yes"), "no"
            )
        },
    ),
    Person(
        "olga-petrov",
        "Olga Petrov",
        "vp_sales",
        "2026-10-19T12:05:00+02:00",
        {
            "marketing": marketing(
                (3, 2, 3, 2), (2, 1, 2, 1), (3, 1, 2, 2, 3), (2, 3, 3, 1), ("no", "yes", "no", "yes", "no"), "yes"
            )
        },
    ),
)

TRUTH = MarketingTruth(
    shown=("group", "group"),
    apart=("measurement",),
    low=("measurement", "technology", "model"),
    missing=("real_time_data", "revenue_strategies", "lead_source_only", "customer_insight"),
)
