"""Northlight Systems: a CEO who runs everything, and a model that nobody owns. Names and numbers are made up."""

from __future__ import annotations

from datetime import date

from data_samples.company import Company, Funnel, Person, Segment, Stage, Stay, ownership
from data_samples.northlight_marketing import ANSWERS as MARKETING
from data_samples.northlight_marketing import PEOPLE as ASKED_ON_MARKETING
from data_samples.northlight_marketing import TRUTH as MARKETING_TRUTH
from data_samples.northlight_operating import ANSWERS, METRICS, OPERATING_MODEL, TRUTH
from data_samples.truths import AltitudeTruth, RoleTruth, StructureTruth, SynthesisTruth

# Anna Berg sets a direction and then runs everything below it. She takes handoffs and disputes for half mended; those
# who live with them do not. Sales and finance see the structure otherwise than the rest, and product, which is far from
# campaigns and forecast, leaves those two answers out.
# She takes herself for the owner of the model, in name; of her leaders none does. Each function designs its own part,
# while handoffs, budget and cadence wait for her. Nobody is named as steward, so nothing is said of one.
_PEOPLE = (
    Person(
        "anna-berg",
        "Anna Berg",
        "ceo",
        "2026-10-12T18:40:00+02:00",
        {
            "champion_operator": {
                "champion": (4, 3, 2, 2, 3, 2, 2, 2),
                "operator": (4, 4, 4, 4, 3, 5, 3, 3),
                "autonomy": (3, 2, 3, 2, 2, 1),
                "room": ("partly",),
            },
            "gut_check": {
                "centralize": ("no", "no", "yes", "yes", "yes"),
                "centralized": ("quarter", "all", "under_10"),
                "distributed": ("no", "no", "yes"),
            },
            "ownership_altitude": ownership(
                "ceo_in_name",
                ("business", "business", "product", "marketing", "business", "business", "business", "business"),
                ("business", "business", "business", "business", "business", "business", "business", "business"),
                (1, 1, 0, 0, None, None, None, None, 1),
                ("none", None),
                ("no", "yes", "yes", "no", "yes", "no", "no", "1"),
            ),
            "operating_model": ANSWERS["anna-berg"],
            "marketing": MARKETING["anna-berg"],
        },
    ),
    Person(
        "lena-vogt",
        "Lena Vogt",
        "cmo",
        "2026-10-14T09:15:00+02:00",
        {
            "champion_operator": {
                "champion": (3, 1, 2, 2, 2, 2, 2, 2),
                "operator": (4, 5, 5, 4, 5, 5, 3, 5),
                "autonomy": (2, 2, 2, 2, 2, 1),
                "room": ("no",),
            },
            "gut_check": {
                "centralize": ("yes", "no", "yes", "yes", "yes"),
                "centralized": ("quarter", "all", "under_10"),
                "distributed": ("no", "no", "no"),
            },
            "ownership_altitude": ownership(
                "marketing",
                ("business", "marketing", "product", "marketing", "nobody", "business", "marketing", "business"),
                ("business", "marketing", "business", "marketing", "business", "business", "marketing", "business"),
                (0, 1, 0, 0, None, None, None, None, 1),
                ("none", None),
                ("no", "yes", "yes", "yes", "yes", "no", "yes", "1"),
            ),
            "operating_model": ANSWERS["lena-vogt"],
            "marketing": MARKETING["lena-vogt"],
        },
    ),
    Person(
        "marc-delorme",
        "Marc Delorme",
        "vp_sales",
        "2026-10-16T17:55:00+02:00",
        {
            "champion_operator": {
                "champion": (4, 2, 3, 2, 2, 3, 3, 2),
                "operator": (5, 5, 3, 5, 5, 5, 4, 2),
                "autonomy": (1, 2, 1, 3, 2, 1),
                "room": ("no",),
            },
            "gut_check": {
                "centralize": ("no", "no", "no", "yes", "no"),
                "centralized": ("quarter", "all", "from_10_to_30"),
                "distributed": ("no", "no", "no"),
            },
            "ownership_altitude": ownership(
                "sales",
                ("business", "sales", "sales", "sales", "council_unwritten", "business", "sales", "business"),
                ("business", "sales", "business", "sales", "business", "business", "business", "business"),
                (0, 0, 0, 0, None, None, None, None, 1),
                ("none", None),
                ("yes", "no", "yes", "yes", "yes", "no", "no", "1"),
            ),
            "operating_model": ANSWERS["marc-delorme"],
            "marketing": MARKETING["marc-delorme"],
        },
    ),
    Person(
        "priya-nair",
        "Priya Nair",
        "vp_cs",
        "2026-10-13T11:20:00+02:00",
        {
            "champion_operator": {
                "champion": (3, 1, 2, 1, 2, 2, 2, 2),
                "operator": (4, 5, 4, 3, 4, 4, 4, 3),
                "autonomy": (2, 2, 2, 2, 1, 2),
                "room": ("no",),
            },
            "gut_check": {
                "centralize": ("no", "no", "yes", "yes", "yes"),
                "centralized": ("year", "some", "under_10"),
                "distributed": ("no", "no", "yes"),
            },
            "ownership_altitude": ownership(
                "team_unwritten",
                ("business", "sales", "product", "marketing", "nobody", "business", "nobody", "business"),
                ("business", "business", "business", "sales", "business", "business", "nobody", "business"),
                (0, 1, 0, 0, None, None, None, None, 0),
                ("none", None),
                ("no", "yes", "yes", "yes", "yes", "no", "yes", "1"),
            ),
            "operating_model": ANSWERS["priya-nair"],
        },
    ),
    Person(
        "tomas-lind",
        "Tomas Lind",
        "cpo",
        "2026-10-20T08:05:00+02:00",
        {
            "champion_operator": {
                "champion": (4, 2, 3, 2, 3, 2, 2, 3),
                "operator": (3, 4, 4, 3, 4, 5, 3, None),
                "autonomy": (2, None, 3, 3, 2, 2),
                "room": ("partly",),
            },
            "gut_check": {
                "centralize": ("yes", "yes", "no", "no", "yes"),
                "centralized": ("year", "some", "from_10_to_30"),
                "distributed": ("no", "no", "yes"),
            },
            "ownership_altitude": ownership(
                "unsure",
                ("business", "marketing", "product", "sales", "council_unwritten", "business", "nobody", "business"),
                ("business", "business", "business", "sales", "business", "business", "nobody", "business"),
                (0, 1, 0, 0, None, None, None, None, 1),
                ("none", None),
                ("no", "no", "no", "yes", "yes", "no", "no", "1"),
            ),
            "operating_model": ANSWERS["tomas-lind"],
        },
    ),
    Person(
        "julia-roth",
        "Julia Roth",
        "revops",
        "2026-10-12T10:30:00+02:00",
        {
            "champion_operator": {
                "champion": (3, 1, 2, 2, 1, 2, 2, 1),
                "operator": (4, 5, 4, 5, 5, 5, 4, 3),
                "autonomy": (1, 1, 2, 2, 1, 1),
                "room": ("no",),
            },
            "gut_check": {
                "centralize": ("no", "no", "yes", "yes", "yes"),
                "centralized": ("quarter", "all", "under_10"),
                "distributed": ("no", "no", "no"),
            },
            "ownership_altitude": ownership(
                "nobody",
                ("business", "marketing", "product", "marketing", "nobody", "business", "revops", "revops"),
                ("business", "business", "business", "marketing", "business", "business", "nobody", "business"),
                (0, 0, 0, 0, None, None, None, None, 0),
                ("none", None),
                ("yes", "yes", "yes", "yes", "yes", "no", "yes", "1"),
            ),
            "operating_model": ANSWERS["julia-roth"],
        },
    ),
    Person(
        "henrik-aas",
        "Henrik Aas",
        "cfo",
        "2026-10-19T16:10:00+02:00",
        {
            "champion_operator": {
                "champion": (4, 2, 4, 3, 3, 2, 3, 3),
                "operator": (3, 4, 5, 4, 3, 4, 2, 3),
                "autonomy": (3, 2, 3, 3, 2, 2),
                "room": ("partly",),
            },
            "gut_check": {
                "centralize": ("no", "no", "no", "yes", "no"),
                "centralized": ("year", "all", "under_10"),
                "distributed": ("yes", "no", "yes"),
            },
            "ownership_altitude": ownership(
                "sales",
                ("business", "sales", "business", "sales", "nobody", "business", "business", "business"),
                ("business", "business", "business", "business", "business", "business", "business", "business"),
                (0, 1, 0, 0, None, None, None, None, 1),
                ("none", None),
                ("no", "yes", "yes", "no", "no", "no", "no", "1"),
            ),
            "operating_model": ANSWERS["henrik-aas"],
        },
    ),
)

# A qualified lead waits three weeks for sales where every other stage takes days; what is not picked up grows cold.
_STAGES = (
    Stage("Lead", "lead", 0.45, Stay(5), Stay(30, 0.7), ("No reply", "No reply", "Not a fit", "Student or research")),
    Stage(
        "MQL",
        "mql",
        0.22,
        Stay(20, 0.8),
        Stay(55, 0.7),
        ("Never contacted", "Never contacted", "Grown cold", "Not a fit"),
    ),
    Stage("SQL", "sql", 0.62, Stay(9), Stay(21, 0.6), ("No need", "No budget")),
    Stage("Opportunity", "s1", 0.60, Stay(22, 0.6), Stay(38, 0.6), ("No budget", "Timing", "Competitor")),
    Stage("Proposal", "s3", 0.38, Stay(26, 0.6), Stay(42, 0.7), ("Price", "Competitor", "No decision")),
)

# That people do not agree on an owner binds: most of what else is wrong cannot be built without one.
SYNTHESIS = SynthesisTruth(
    constraint="ownership_altitude.owner",
    links=("unowned_leak", "operator_without_steward"),
    contradictions=("owner", "marketing", "maturity", "cro_runs_or_owns", "wider_remit_or_trap"),
    build={
        "interview_marketing": 1,
        "interview_sales": 1,
        "interview_cs": 1,
        "map": 1,
        "owner": 5,
        "apart": 1,
        "handoff": 3,
        "rules": 3,
        "report": 3,
        "authority": 3,
        "launch": 1,
    },
    blueprint={
        "ownership": 1,
        "fired": 2,
        "adjust": 1,
        "leak": 1,
        "institution": 4,
        "levels": 3,
        "hand_over": 3,
        "marketing": 8,
        "take_up": 3,
        "structure": 2,
        "loops": 4,
        "again": 1,
    },
)

NORTHLIGHT = Company(
    id="northlight",
    name="Northlight Systems",
    story="A fictional maker of business software whose CEO runs go-to-market from day to day.",
    currency="EUR",
    as_of=date(2026, 10, 31),
    headcount=240,
    business_units=1,
    ownership="pe",
    gtm_structure="distributed",
    wave="2026-10",
    people=(*_PEOPLE, *ASKED_ON_MARKETING),
    role_truth=RoleTruth(
        ceo_verdict="operator",
        ceo_borderline=False,
        ceo_room="partly",
        leaders_verdict="operator",
        leaders_room="no",
        blind_spots=("cross_functional_integration", "strategic_disagreements"),
    ),
    structure_truth=StructureTruth(
        ceo_yes=3,
        side="centralized",
        verdict="centralize",
        prerequisite="met",
        change="change",
        leaders_centralized=4,
        leaders_distributed=2,
    ),
    altitude_truth=AltitudeTruth(
        stage="scaling",
        owners={"Sales": 2, "Marketing": 1, "The CEO or general manager": 1},
        unowned=3,
        level=None,
        in_practice=False,
        too_low=(
            "icp_segments.designs",
            "offer_pricing.designs",
            "motion_channels.designs",
            "motion_channels.decides",
            "handoff_model.designs",
        ),
        too_high=(
            "handoff_model.decides",
            "resource_allocation.designs",
            "cadence_slas.designs",
            "cadence_slas.decides",
        ),
        disputed=("metrics_definitions.designs", "metrics_definitions.decides"),
        in_place=(),
        next_part="decision_rights",
        modes=("seams",),
        leaders_shown=True,
    ),
    operating_model=OPERATING_MODEL,
    operating_truth=TRUTH,
    marketing_truth=MARKETING_TRUTH,
    synthesis_truth=SYNTHESIS,
    metrics=METRICS,
    funnel=Funnel(
        # Chosen so that deals old enough to be decided come out near the true shares.
        seed=59,
        prefix="NL",
        leads=2400,
        first_day=date(2025, 8, 4),
        stages=_STAGES,
        segments=(
            Segment("Small business", 0.45, 30_000),
            Segment("Mid-market", 0.40, 110_000),
            Segment("Enterprise", 0.15, 340_000),
        ),
        owners=("M. Holt", "J. Reuter", "I. Fabre", "T. Aldous", "S. Brandt", "L. Moretti", "K. Novak"),
        priced_from="Opportunity",
        price_sigma=0.5,
        no_owner=0.03,
        no_amount=0.02,
        out_of_order=6,
        leak="MQL",
        sla_hours=4,
        timezone="Europe/Berlin",
    ),
    findings={
        "champion_operator.verdict": "high",
        "ownership_altitude.owner": "high",
        "ownership_altitude.too_low": "high",
        "funnel.leak.MQL": "high",
        "operating_model.maturity": "high",
        "operating_model.handoffs": "high",
        "operating_model.strategy_without_ownership": "high",
        "operating_model.metrics_without_rules": "high",
        "operating_model.cadence_without_authority": "high",
        "champion_operator.blind_spots": "medium",
        "ownership_altitude.too_high": "medium",
        "ownership_altitude.disputed": "medium",
        "ownership_altitude.seams": "medium",
        "gut_check.structure": "medium",
        "gut_check.guard_rails": "medium",
        "operating_model.blind_raci": "medium",
        "operating_model.claims": "medium",
        "operating_model.standup_not_operational": "medium",
        "operating_model.loops": "low",
        "marketing.perception_gap": "medium",
        "marketing.pillars": "medium",
        "marketing.capabilities": "medium",
        "kpis.mql_sql_conversion": "medium",
        "kpis.days_to_first_success": "medium",
    },
    warnings=(
        "crm/deals.csv, column amount",
        "crm/deals.csv, column owner",
        "operating_model.yaml, line 41, kpis.2.kind",
    ),
)
