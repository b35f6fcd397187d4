"""Kestrel Labs: just begun, two half-filled forms and no CRM export. Names and numbers are made up."""

from __future__ import annotations

from datetime import date

from data_samples.company import Company, Person, marketing, ownership
from data_samples.kestrel_labs_operating import ANSWERS, OPERATING_MODEL, TRUTH
from data_samples.truths import AltitudeTruth, MarketingTruth, RoleTruth, StructureTruth, SynthesisTruth

# Ines Falk has answered what she knew at once; Jonas Weil has left out more. One leader is no group: nothing of his
# scores may be shown.
_PEOPLE = (
    Person(
        "ines-falk",
        "Ines Falk",
        "ceo",
        "2026-11-02T21:15:00+01:00",
        {
            "champion_operator": {
                "champion": (4, 4, None, 3, 4, 4, 3, 4),
                "operator": (4, 3, 4, None, 4, 5, 4, 4),
                "autonomy": (2, None, None, 2, None, 1),
                "room": (None,),
            },
            "gut_check": {
                "centralize": ("yes", None, "no", None, "no"),
                "centralized": (None, None, None),
                "distributed": ("no", None, None),
            },
            "ownership_altitude": ownership(
                "ceo_in_name",
                ("business", "business", "business", "sales", "business", "business", None, "business"),
                ("business", "business", "business", "sales", "business", "business", None, "business"),
                (0, 0, None, 0, None, None, None, None, 1),
                ("none", None),
                ("no", None, "yes", None, None, None, None, "0"),
            ),
            "operating_model": ANSWERS["ines-falk"],
        },
    ),
    Person(
        "jonas-weil",
        "Jonas Weil",
        "vp_sales",
        "2026-11-03T08:50:00+01:00",
        {
            "champion_operator": {
                "champion": (4, 3, 3, None, 4, 4, 3, None),
                "operator": (4, 4, 4, 3, None, 5, 4, None),
                "autonomy": (2, 2, None, 2, None, None),
                "room": ("no",),
            },
            "gut_check": {
                "centralize": ("yes", None, None, "yes", None),
                "centralized": (None, None, None),
                "distributed": ("no", "no", None),
            },
            "ownership_altitude": ownership(
                "nobody",
                ("business", "sales", None, "sales", None, None, None, None),
                ("business", "business", None, "sales", None, None, None, None),
                (0, None, None, 0, None, None, None, None, 1),
                (None, None),
                (None, None, "yes", None, None, None, None, None),
            ),
            "operating_model": ANSWERS["jonas-weil"],
            # He did not agree to be shown by role.
            "marketing": marketing(
                (4, 3, None, 4), (2, None, 3, 4), (4, 2, 3, 5, None), (4, None, 3, 5), (None,) * 5, "no"
            ),
        },
    ),
)

KESTREL_LABS = Company(
    id="kestrel-labs",
    name="Kestrel Labs",
    story="A fictional young maker of sensors whose engagement has just begun.",
    currency="EUR",
    as_of=date(2026, 11, 4),
    headcount=60,
    business_units=1,
    ownership="vc",
    gtm_structure=None,
    wave="2026-11",
    people=_PEOPLE,
    role_truth=RoleTruth(
        ceo_verdict="hands_on",
        ceo_borderline=False,
        ceo_room=None,
        leaders_verdict=None,
        leaders_room=None,
        blind_spots=(),
    ),
    structure_truth=StructureTruth(
        ceo_yes=1,
        side=None,
        verdict=None,
        prerequisite="missing",
        change="unknown",
        leaders_centralized=None,
        leaders_distributed=None,
    ),
    altitude_truth=AltitudeTruth(
        stage="early",
        owners={"The CEO or general manager": 1},
        unowned=1,
        level=None,
        in_practice=False,
        too_low=("motion_channels.designs", "motion_channels.decides"),
        too_high=(),
        disputed=("icp_segments.designs",),
        in_place=(),
        next_part="decision_rights",
        modes=(),
        leaders_shown=False,
    ),
    operating_model=OPERATING_MODEL,
    operating_truth=TRUTH,
    marketing_truth=MarketingTruth(("absent", "withheld"), (), (), ()),
    synthesis_truth=SynthesisTruth(
        "ownership_altitude.owner",
        (),
        ("owner", "maturity", "wider_remit_or_trap"),
        {
            "interview_marketing": 1,
            "interview_sales": 1,
            "interview_cs": 1,
            "map": 1,
            "apart": 1,
            "handoff": 2,
            "rules": 3,
            "report": 1,
        },
        {"ownership": 1, "institution": 2, "levels": 2, "take_up": 2, "again": 1},
    ),
    metrics=None,
    funnel=None,
    findings={
        "ownership_altitude.owner": "medium",
        "ownership_altitude.too_low": "medium",
        "ownership_altitude.disputed": "medium",
        "champion_operator.verdict": "low",
        "operating_model.handoffs": "medium",
        "operating_model.maturity": "medium",
        "operating_model.blind_raci": "medium",
        "operating_model.owners": "low",
        "operating_model.metrics": "low",
    },
)
