"""How Harbour & Finch operates: five layers in use, every handoff a process. Names and numbers are made up."""

from __future__ import annotations

from datetime import date

from data_samples.company import Metrics, WeeklyShare, WeeklyValue, operating
from data_samples.truths import OperatingTruth

_OWNERS = ("marketing", "sales", "sales", "sales", "customer_success", "customer_success", "customer_success")
_WORKING = ("marketing", "sales", "sales", "customer_success", "customer_success", "customer_success", "sales")
_HANDOFFS = ((2, 2, 2), (2, 2, 2), (2, 2, 2))
_SLOWER = ((2, 2, 2), (2, 2, 1), (2, 2, 2))

# All name the same owners, but for product, which takes expansion for its own.
ANSWERS = {
    "clara-finch": operating((4, 3, 3, 3, 3), _OWNERS, _WORKING, _HANDOFFS, (2, 2, 2, 2, 2, 2, 2, 2, 2)),
    "owen-pryce": operating((4, 4, 3, 3, 3), _OWNERS, _WORKING, _HANDOFFS, (2, 2, 2, 2, 2, 2, 2, 2, 2)),
    "maya-lindqvist": operating((4, 4, 3, 3, 3), _OWNERS, _WORKING, _HANDOFFS, (2, 2, 2, 2, 1, 2, 2, 2, 2)),
    "daniel-osei": operating((3, 3, 3, 3, 3), _OWNERS, _WORKING, _SLOWER, (2, 2, 2, 2, 2, 2, 2, 2, 2)),
    "sofia-marchetti": operating(
        (3, 3, 3, 3, 2), (*_OWNERS[:6], "product"), _WORKING, _HANDOFFS, (2, 2, 1, 2, 2, 2, 2, 2, 2)
    ),
    "ravi-anand": operating((4, 4, 4, 3, 3), _OWNERS, _WORKING, _HANDOFFS, (2, 2, 2, 2, 2, 2, 2, 2, 2)),
    "helen-ward": operating((3, 3, 3, 3, 3), _OWNERS, _WORKING, _HANDOFFS, (2, 2, 2, 2, 1, 2, 2, 2, 1)),
}

OPERATING_MODEL = """\
# How a fictional maker of logistics software operates. Every name and number is made up.

schema: gtmdiag.operating_model/1

stages:
  - {name: Enquiry, team: marketing, enters: any enquiry with a name}
  - {name: MQL, team: marketing, enters: fits the target customer and asked for a talk}
  - {name: SQL, team: sales, enters: need and decision-maker are known}
  - {name: Discovery, team: sales, enters: budget and date are known}
  - {name: Offer, team: sales, enters: offer sent}
  - {name: Customer, team: cs, enters: contract signed}
  - {name: Expansion, team: cs, enters: a second site asks}

handoffs:
  - step: MQL→SQL
    from: marketing
    to: sales
    trigger: fits the target customer and asked for a talk
    packet: [criteria of fit, engagement so far, required fields]
    sla: 4 business hours
    escalation: CRO
  - step: Offer→Customer
    from: sales
    to: cs
    trigger: contract signed
    packet: [use case, success criteria, decision-makers, technical needs, promised dates]
    sla: {joint call: 48 hours, first onboarding session: 5 business days}
    escalation: CRO
    initiated_by: account executive
  - step: Customer→Expansion
    from: cs
    to: sales
    trigger: a second site asks
    packet: [site, volume, sponsor]
    sla: 2 business days
    escalation: CRO

raci:
  - {activity: Enquiry, accountable: CMO, responsible: demand generation}
  - {activity: MQL, accountable: CMO, responsible: demand generation}
  - {activity: SQL, accountable: head of sales, responsible: sales development}
  - {activity: Discovery, accountable: head of sales, responsible: account executives}
  - {activity: Offer, accountable: head of sales, responsible: account executives, consulted: [finance]}
  - activity: Customer
    accountable: VP Customer Success
    responsible: CSM
    sla: {respond_within: 1 business day, data: [onboarding plan], escalation: CRO}
  - {activity: Expansion, accountable: VP Customer Success, responsible: CSM}
  - {activity: MQL→SQL, accountable: head of sales, responsible: sales development}
  - {activity: Offer→Customer, accountable: head of sales, responsible: account executives}
  - {activity: Customer→Expansion, accountable: VP Customer Success, responsible: CSM}

kpis:
  - metric: mql_sql_conversion
    name: MQL→SQL conversion
    team: marketing
    kind: leading
    threshold: 30 %
    direction: below
    window: 3
    owner: CMO
    action: Go through the last twenty refused leads with sales.
    respond_within: 5 business days
    source: CRM
  - metric: expansion_signals_per_csm
    name: Expansion signals per CSM a month
    team: cs
    kind: leading
    unit: count
    threshold: 2
    direction: below
    window: 4
    owner: VP Customer Success
    action: Review the scoring of account health with product.
    respond_within: 5 business days
    source: success platform
  - {metric: new_arr, name: New ARR, team: business, kind: lagging, unit: money, threshold: 900000, direction: below}

# Published rules and who owns them.
adopted:
  marketing_pipeline_share: CMO
  s1_s3_conversion: head of sales
  deal_age_ratio: head of sales
  days_to_first_success: VP Customer Success

cadence:
  - meeting: Monday stand-up
    kind: standup
    minutes: 30
    frequency: weekly
    attendees: [CRO, CMO, head of sales, VP Customer Success]
    authority: [process, resources, escalation]
    outputs: [one action with owner and deadline for each miss]
    held:
      - {date: 2026-09-14, misses: 1, actions: 1}
      - {date: 2026-09-21, misses: 0, actions: 0}
      - {date: 2026-09-28, misses: 1, actions: 1}
  - meeting: Pipeline review
    kind: pipeline
    minutes: 60
    frequency: biweekly
    attendees: [CRO, head of sales, account executives]
    authority: [process, resources, escalation]
    outputs: [each deal advances, escalates or goes]
  - meeting: Operating review
    kind: operating
    minutes: 90
    frequency: monthly
    attendees: [CEO, CRO, CMO, VP Customer Success, CFO]
    authority: [process, resources, escalation, budget]
    outputs: [changed criteria and thresholds]
  - meeting: Quarterly review
    kind: quarterly
    minutes: 180
    frequency: quarterly
    attendees: [CEO, leadership team]
    authority: [process, resources, escalation, budget]
    outputs: [direction of the next quarter]

feedback_loops:
  - from: sales
    to: marketing
    what: what became of each lead
    frequency: weekly
    owner: head of sales
    last_change: enquiries from students are no longer scored
    changed_on: 2026-08-24
  - from: cs
    to: sales
    what: promises that did not hold
    frequency: monthly
    owner: VP Customer Success
    last_change: a promised date needs the CSM's word
    changed_on: 2026-07-06
  - from: cs
    to: marketing
    what: which customers stay and grow
    frequency: monthly
    owner: VP Customer Success
    last_change: campaigns for single sites stopped
    changed_on: 2026-06-15

artefacts:
  - layer: revenue_architecture
    name: Stage map
    link: https://wiki.harbourfinch.example/stages
    date: 2026-03-02
    used_on: 2026-09-23
    used_for: pipeline review
    improved_on: 2026-08-24
    improved_because: sales reported enquiries from students
  - layer: ownership_map
    name: Ownership map
    link: https://wiki.harbourfinch.example/owners
    date: 2026-03-09
    used_on: 2026-09-02
    used_for: operating review
    improved_on: 2026-07-06
    improved_because: two promised dates were missed
  - layer: kpi_architecture
    name: Metric tree
    link: https://wiki.harbourfinch.example/metrics
    date: 2026-04-13
    used_on: 2026-09-28
    used_for: stand-up
  - layer: operating_cadence
    name: Calendar of meetings with their authority
    link: https://wiki.harbourfinch.example/cadence
    date: 2026-04-13
    used_on: 2026-09-28
    used_for: stand-up
  - layer: feedback_loops
    name: Log of changes
    link: https://wiki.harbourfinch.example/changes
    date: 2026-08-24
    used_on: 2026-09-02
    used_for: operating review
"""

METRICS = Metrics(
    seed=5,
    first_monday=date(2025, 10, 6),
    series=(
        WeeklyShare("mql_sql_conversion", 14, ((60, 0.41),)),
        WeeklyShare("marketing_pipeline_share", 24, ((60, 0.58),)),
        WeeklyShare("s1_s3_conversion", 8, ((60, 0.62),)),
        WeeklyValue("days_to_first_success", 1.8, ((20, 24.0), (3, 32.0), (37, 22.0))),
        WeeklyValue("expansion_signals_per_csm", 0.5, ((60, 3.2),)),
    ),
    idle=("2025-W52",),
    results=(
        ("new_arr", "2025-W52", 1_012_000),
        ("new_arr", "2026-W13", 874_000),
        ("new_arr", "2026-W26", 968_000),
        ("new_arr", "2026-W39", 1_043_000),
    ),
)

TRUTH = OperatingTruth(
    evidenced=(4, 4, 3, 3, 3),
    effective=(4, 4, 3, 3, 3),
    overclaimed=(),
    processes=("marketing_to_sales", "sales_to_cs", "cs_to_expansion"),
    unowned=(),
    apart=(),
    grades={
        "mql_sql_conversion": "complete",
        "expansion_signals_per_csm": "complete",
        "new_arr": "report",
        "marketing_pipeline_share": "usable",
        "s1_s3_conversion": "usable",
        "deal_age_ratio": "usable",
        "days_to_first_success": "usable",
    },
    leading=(2, 2, 2),
    offered=(),
    not_operational=(),
    loops={"sales_to_marketing": "closed", "cs_to_sales": "closed", "cs_to_marketing": "closed"},
    patterns=(),
    fires=(),
    alarms={
        "mql_sql_conversion": 0,
        "expansion_signals_per_csm": 0,
        "marketing_pipeline_share": 2,
        "s1_s3_conversion": 0,
        "days_to_first_success": 1,
    },
)
