"""What a diagnosis lacks, and what it would add."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.marketing import MarketingResult
from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.engagement.schema import Client
from gtmdiag.findings.results import Results
from gtmdiag.kpis import KpiResult
from gtmdiag.trail import Sentence, Trail


def missing(client: Client, results: Results) -> Iterator[Sentence]:
    """Yield what is missing and what it would add."""
    yield from _of_leaders(client, results)
    yield from _of_operating(results.operating_model, results.kpis)
    yield from _of_marketing(results.marketing, client.anonymity.group_minimum)


def _sentence(text: str, *inputs: str) -> Sentence:
    return Sentence(text, Trail("inputs that were not there", "suite", inputs))


def _of_leaders(client: Client, results: Results) -> Iterator[Sentence]:
    """Yield what the questionnaires for the CEO and leaders, the CRM export and client.yaml lack."""
    ceo_role, funnel = results.champion_operator, results.funnel
    if ceo_role is None or ceo_role.ceo is None:
        yield _sentence("The CEO's answers on the CEO's role would name the CEO's own verdict.", "champion_operator")
    if ceo_role is None or ceo_role.leaders == 0:
        yield _sentence("Leaders' answers about the CEO would show blind spots.", "champion_operator")
    elif ceo_role.leaders < client.anonymity.group_minimum:
        more = count(client.anonymity.group_minimum - ceo_role.leaders, "more leader")
        text = f"Answers of {more} would let the leaders' view be shown beside the CEO's."
        yield _sentence(text, "champion_operator")
    if results.gut_check is None:
        yield _sentence("Answers to the gut check would say whether one leader should run go-to-market.", "gut_check")
    if results.ownership_altitude is None:
        yield _sentence("Answers on ownership would show at which level decisions sit.", "ownership_altitude")
    if funnel is None:
        yield _sentence("A CRM export would show where deals are lost between stages.", "crm/crm.yaml")
    elif funnel.shape in ("snapshot", "counts"):
        yield from funnel.cannot
    if client.company.headcount is None:
        yield _sentence(
            "The headcount would tell what the CEO's role means at this stage.", "client.yaml, company.headcount"
        )
    if client.company.gtm_structure is None:
        yield _sentence("Today's structure would tell whether to change it.", "client.yaml, company.gtm_structure")


def _of_operating(operating: OperatingModelResult | None, kpis: KpiResult | None) -> Iterator[Sentence]:
    """Yield what the audit of the operating model lacks and what it would add."""
    file = "operating_model.yaml"
    parts = {
        "A stage map, handoffs and owners": operating is not None and bool(operating.owners),
        "Metrics with their rules": operating is not None and bool(operating.kpis),
        "Meetings with their authority": operating is not None and bool(operating.meetings),
        "Dated artefacts": operating is not None and any(layer.artefacts for layer in operating.layers),
    }
    lacking = [name for name, there in parts.items() if not there]
    if len(lacking) == len(parts):
        text = "operating_model.yaml would show whether handoffs, metrics and meetings work as one system."
        yield _sentence(text, file)
    elif lacking:
        text = f"{'; '.join(lacking)} in operating_model.yaml would complete the audit of the operating model."
        yield _sentence(text, file)
    if operating is not None and operating.kpis and kpis is None:
        text = "Weekly values in kpis.csv would show which rules fire, how often for nothing, and how early."
        yield _sentence(text, "kpis.csv")


def _of_marketing(result: MarketingResult | None, minimum: int) -> Iterator[Sentence]:
    """Yield which side's answers on marketing are missing and what they would add."""
    if result is None:
        yield _sentence("Answers of marketing and sales would show whether they see one marketing.", "marketing")
        return
    for side in (result.marketing, result.sales):
        if side.shown not in ("group", "declared"):
            more = count(minimum - side.n, "more answer")
            yield _sentence(f"{capital(more)} from {side.id} would let both sides be compared.", "marketing")
