"""Harbour & Finch: a model that is owned, designed and run where it belongs. Names and numbers are made up."""

from __future__ import annotations

from datetime import date

from data_samples.company import Company, Funnel, Person, Segment, Stage, Stay, ownership
from data_samples.harbour_finch_before import ACTIONS, MARKETING, before
from data_samples.harbour_finch_before import TRUTH as MARKETING_TRUTH
from data_samples.harbour_finch_operating import ANSWERS, METRICS, OPERATING_MODEL, TRUTH
from data_samples.truths import AltitudeTruth, RoleTruth, StructureTruth, SynthesisTruth

# Clara Finch champions the model and stays out of its operation; Owen Pryce runs it as its steward. The leaders differ
# in a shade here and there, as people do: product keeps some of the offer, finance some of the budget.
_PEOPLE = (
    Person(
        "clara-finch",
        "Clara Finch",
        "ceo",
        "2026-09-21T08:20:00+01:00",
        {
            "champion_operator": {
                "champion": (5, 5, 4, 5, 4, 5, 4, 5),
                "operator": (2, 1, 2, 1, 2, 1, 2, 2),
                "autonomy": (4, 4, 5, 5, 4, 4),
                "room": ("yes",),
            },
            "gut_check": {
                "centralize": ("yes", "no", "yes", "yes", "yes"),
                "centralized": ("beyond", "all", "over_30"),
                "distributed": ("yes", "yes", "yes"),
            },
            "ownership_altitude": ownership(
                "ceo_in_practice",
                ("business", "council", "council", "council", "council", "council", "council", "steward"),
                ("business", "business", "business", "business", "council", "business", "business", "steward"),
                (2, 2, 2, 2, 2, 2, 2, 2, 2),
                ("from_6", "no"),
                ("no", "no", "no", "no", "no", "no", "no", "0"),
            ),
            "operating_model": ANSWERS["clara-finch"],
        },
    ),
    Person(
        "owen-pryce",
        "Owen Pryce",
        "cro",
        "2026-09-21T17:45:00+01:00",
        {
            "champion_operator": {
                "champion": (5, 4, 4, 4, 4, 5, 4, 4),
                "operator": (2, 2, 2, 1, 2, 2, 2, 1),
                "autonomy": (4, 4, 4, 5, 4, 5),
                "room": ("yes",),
            },
            "gut_check": {
                "centralize": ("yes", "no", "yes", "yes", "yes"),
                "centralized": ("beyond", "all", "over_30"),
                "distributed": ("yes", "yes", "yes"),
            },
            "ownership_altitude": ownership(
                "ceo_in_practice",
                ("business", "council", "council", "council", "council", "council", "council", "steward"),
                ("business", "business", "business", "business", "council", "business", "business", "steward"),
                (2, 2, 2, 2, 2, 2, 2, 2, 2),
                ("from_6", "no"),
                ("no", "no", "no", "no", "no", "no", "no", "0"),
            ),
            "operating_model": ANSWERS["owen-pryce"],
            "marketing": MARKETING["owen-pryce"],
        },
    ),
    Person(
        "maya-lindqvist",
        "Maya Lindqvist",
        "cmo",
        "2026-09-22T09:10:00+01:00",
        {
            "champion_operator": {
                "champion": (4, 5, 4, 5, 4, 4, 4, 5),
                "operator": (2, 1, 3, 1, 1, 2, 2, 2),
                "autonomy": (4, 4, 5, 4, 4, 4),
                "room": ("yes",),
            },
            "gut_check": {
                "centralize": ("yes", "yes", "yes", "yes", "yes"),
                "centralized": ("year", "all", "from_10_to_30"),
                "distributed": ("yes", "yes", "yes"),
            },
            "ownership_altitude": ownership(
                "ceo_in_practice",
                ("business", "council", "council", "council", "council", "council", "council", "steward"),
                ("business", "business", "business", "business", "council", "business", "business", "steward"),
                (2, 2, 2, 2, 2, 2, 2, 1, 2),
                ("from_6", "no"),
                ("no", "no", "no", "no", "no", "no", "no", "0"),
            ),
            "operating_model": ANSWERS["maya-lindqvist"],
            "marketing": MARKETING["maya-lindqvist"],
        },
    ),
    Person(
        "daniel-osei",
        "Daniel Osei",
        "vp_cs",
        "2026-09-22T14:00:00+01:00",
        {
            "champion_operator": {
                "champion": (5, 4, 4, 4, 5, 4, 4, 4),
                "operator": (1, 2, 2, 2, 2, 1, 2, 2),
                "autonomy": (4, 5, 4, 5, 4, 4),
                "room": ("partly",),
            },
            "gut_check": {
                "centralize": ("no", "no", "yes", "yes", "yes"),
                "centralized": ("beyond", "all", "over_30"),
                "distributed": ("yes", "yes", "yes"),
            },
            "ownership_altitude": ownership(
                "ceo_in_practice",
                ("business", "council", "council", "council", "council", "council", "council", "steward"),
                ("business", "business", "business", "business", "council", "business", "council", "steward"),
                (2, 2, 2, 2, 2, 1, 2, 2, 2),
                ("from_6", "no"),
                ("no", "no", "no", "yes", "no", "no", "no", "0"),
            ),
            "operating_model": ANSWERS["daniel-osei"],
        },
    ),
    Person(
        "sofia-marchetti",
        "Sofia Marchetti",
        "cpo",
        "2026-09-23T11:35:00+01:00",
        {
            "champion_operator": {
                "champion": (5, 4, 4, 4, 4, 4, 5, 4),
                "operator": (2, 2, 2, 1, 2, 2, 1, 2),
                "autonomy": (4, 4, 4, 4, 4, 4),
                "room": ("yes",),
            },
            "gut_check": {
                "centralize": ("yes", "no", "yes", "no", "yes"),
                "centralized": ("beyond", "all", "over_30"),
                "distributed": ("yes", "yes", "yes"),
            },
            "ownership_altitude": ownership(
                "team_written",
                ("business", "council", "product", "council", "council", "council", "council", "steward"),
                ("business", "business", "business", "business", "council", "business", "business", "steward"),
                (2, 2, 2, 2, 2, 2, 1, 2, 2),
                ("from_6", "no"),
                ("no", "no", "no", "no", "no", "no", "no", "0"),
            ),
            "operating_model": ANSWERS["sofia-marchetti"],
        },
    ),
    Person(
        "ravi-anand",
        "Ravi Anand",
        "revops",
        "2026-09-23T16:20:00+01:00",
        {
            "champion_operator": {
                "champion": (4, 5, 4, 5, 4, 5, 4, 5),
                "operator": (2, 1, 2, 2, 2, 1, 2, 1),
                "autonomy": (5, 4, 5, 4, 5, 4),
                "room": ("yes",),
            },
            "gut_check": {
                "centralize": ("yes", "no", "yes", "yes", "yes"),
                "centralized": ("beyond", "all", "over_30"),
                "distributed": ("yes", "yes", "yes"),
            },
            "ownership_altitude": ownership(
                "ceo_in_practice",
                ("business", "council", "council", "council", "council", "council", "council", "steward"),
                ("business", "business", "business", "business", "council", "business", "business", "steward"),
                (2, 2, 2, 2, 2, 2, 2, 2, 2),
                ("from_6", "no"),
                ("no", "no", "no", "no", "no", "no", "no", "0"),
            ),
            "operating_model": ANSWERS["ravi-anand"],
        },
    ),
    Person(
        "helen-ward",
        "Helen Ward",
        "cfo",
        "2026-09-24T10:05:00+01:00",
        {
            "champion_operator": {
                "champion": (5, 4, 5, 4, 4, 4, 4, 4),
                "operator": (2, 2, 3, 1, 2, 2, 2, 2),
                "autonomy": (4, 4, 4, 5, 4, 5),
                "room": ("yes",),
            },
            "gut_check": {
                "centralize": ("yes", "no", "no", "no", "yes"),
                "centralized": ("year", "all", "over_30"),
                "distributed": ("yes", "yes", "yes"),
            },
            "ownership_altitude": ownership(
                "ceo_in_practice",
                ("business", "council", "council", "council", "council", "business", "council", "steward"),
                ("business", "business", "business", "business", "council", "business", "business", "steward"),
                (2, 2, 2, 2, 2, 2, 2, 2, 1),
                ("from_6", "no"),
                ("no", "no", "no", "no", "no", "no", "no", "0"),
            ),
            "operating_model": ANSWERS["helen-ward"],
        },
    ),
)

# Marketing and sales share one definition, so that two in five qualified leads are accepted within days.
_STAGES = (
    Stage("Enquiry", "lead", 0.42, Stay(4), Stay(18, 0.7), ("No reply", "Not a fit", "Not a fit", "Student")),
    Stage("MQL", "mql", 0.41, Stay(3, 0.6), Stay(9, 0.6), ("Not a fit", "No need", "Timing")),
    Stage("SQL", "sql", 0.66, Stay(8), Stay(18, 0.6), ("No need", "No budget")),
    Stage("Discovery", "s1", 0.62, Stay(18, 0.6), Stay(30, 0.6), ("No budget", "Timing", "Competitor")),
    Stage("Offer", "s3", 0.44, Stay(22, 0.6), Stay(34, 0.7), ("Price", "Competitor", "No decision")),
)

HARBOUR_FINCH = Company(
    id="harbour-finch",
    name="Harbour & Finch",
    story="A fictional maker of logistics software whose CEO champions go-to-market and leaves its running to others.",
    currency="GBP",
    as_of=date(2026, 9, 30),
    headcount=320,
    business_units=1,
    ownership="founder",
    gtm_structure="centralized",
    wave="2026-09",
    people=_PEOPLE,
    actions=ACTIONS,
    earlier={"2026-03": tuple(map(before, _PEOPLE))},
    role_truth=RoleTruth(
        ceo_verdict="champion",
        # The room test alone, turned from yes to no, would take the proof away.
        ceo_borderline=False,
        ceo_room="yes",
        leaders_verdict="champion",
        leaders_room="yes",
        blind_spots=(),
    ),
    structure_truth=StructureTruth(
        ceo_yes=4,
        side="centralized",
        verdict="centralize",
        prerequisite="met",
        change="keep",
        leaders_centralized=6,
        leaders_distributed=0,
    ),
    altitude_truth=AltitudeTruth(
        stage="scaling",
        owners={"The CEO or general manager": 6, "The leadership team with written decision rights": 1},
        unowned=0,
        level="business",
        in_practice=True,
        too_low=(),
        too_high=(),
        disputed=(),
        in_place=(
            "decision_rights",
            "council",
            "revops_seat",
            "steward",
            "steward_cadence",
            "steward_holds",
            "steward_friction",
            "steward_bounds",
            "cadence",
        ),
        next_part=None,
        modes=(),
        leaders_shown=True,
    ),
    operating_model=OPERATING_MODEL,
    operating_truth=TRUTH,
    marketing_truth=MARKETING_TRUTH,
    synthesis_truth=SynthesisTruth(
        None,
        (),
        ("cro_runs_or_owns", "wider_remit_or_trap"),
        {},
        {"fired": 1, "again": 1},
        closed=("champion_operator.verdict", "ownership_altitude.owner"),
        moved=(
            "champion CEO",
            "champion Leaders",
            "operator CEO",
            "operator Leaders",
            "institution CEO",
            "institution Leaders",
        ),
    ),
    metrics=METRICS,
    funnel=Funnel(
        seed=7,
        prefix="HF",
        leads=1800,
        first_day=date(2025, 7, 7),
        stages=_STAGES,
        segments=(
            Segment("Regional", 0.50, 24_000),
            Segment("National", 0.36, 90_000),
            Segment("International", 0.14, 260_000),
        ),
        owners=("E. Brandon", "T. Kowal", "N. Achebe", "P. Lowe", "C. Duarte"),
        priced_from="Discovery",
        price_sigma=0.4,
        no_owner=0.0,
        no_amount=0.0,
        out_of_order=0,
        leak="",
        sla_hours=None,
        timezone="Europe/London",
    ),
    findings={
        "ownership_altitude.owner": "strength",
        "gut_check.structure": "strength",
        "funnel.leak.MQL": "strength",
        "champion_operator.verdict": "strength",
        "operating_model.maturity": "strength",
        "operating_model.handoffs": "strength",
        "marketing.pillars": "strength",
        # Its values are counted from the export; at the spread of these ages the rule means little.
        "kpis.deal_age_ratio": "low",
    },
)
