"""Make the fictional engagements, and what is true of them, from their seeds.

``python data_samples/make_samples.py`` writes every file anew, byte for byte the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from data_samples.companies import COMPANIES
from data_samples.company import Company, Person
from data_samples.crm_export import crm_yaml, deals_csv, draw_deals, export_truth, history_csv
from data_samples.weekly import kpis_csv
from gtmdiag.instruments.load import packaged

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _./-]*")
_NOT_PLAIN = {"yes", "no", "on", "off", "true", "false", "null"}


def files(company: Company) -> dict[str, bytes]:
    """Return every file of a company by its path inside data_samples: its engagement folder, and its truth."""
    made = {f"{company.id}/client.yaml": _client_yaml(company)}
    for person in company.people:
        made[f"{company.id}/answers/{company.wave}/{person.id}.yaml"] = _answers_yaml(person)
    for wave, people in company.earlier.items():
        for person in people:
            made[f"{company.id}/answers/{wave}/{person.id}.yaml"] = _answers_yaml(person)
    truth: dict[str, object] = {"schema": "gtmdiag.sample_truth/1", "company": company.id, "wave": company.wave}
    if company.role_truth is not None:
        truth["champion_operator"] = asdict(company.role_truth)
    if company.structure_truth is not None:
        truth["gut_check"] = asdict(company.structure_truth)
    if company.altitude_truth is not None:
        truth["ownership_altitude"] = asdict(company.altitude_truth)
    if company.funnel is not None:
        deals = draw_deals(company.funnel, company.as_of)
        made[f"{company.id}/crm/crm.yaml"] = crm_yaml(company, company.funnel)
        made[f"{company.id}/crm/stage_history.csv"] = history_csv(deals, company.funnel)
        made[f"{company.id}/crm/deals.csv"] = deals_csv(deals)
        truth["funnel"] = asdict(export_truth(deals, company.funnel))
    if company.actions:
        made[f"{company.id}/standups/actions.yaml"] = company.actions.encode()
    made[f"{company.id}/operating_model.yaml"] = company.operating_model.encode()
    if company.metrics is not None:
        made[f"{company.id}/kpis.csv"] = kpis_csv(company.metrics, company.as_of)
    truth["operating_model"] = asdict(company.operating_truth)
    if company.marketing_truth is not None:
        truth["marketing"] = asdict(company.marketing_truth)
    truth["synthesis"] = asdict(company.synthesis_truth)
    truth["findings"] = dict(company.findings)
    truth["warnings"] = company.warnings
    about = f"# What is true of the sample {company.id}, and what its files hold. Written by make_samples.py."
    made[f"truth/{company.id}.yaml"] = "\n".join([about, *_yaml(truth), ""]).encode()
    return made


def write_all(folder: Path) -> tuple[Path, ...]:
    """Write the files of every company into ``folder`` and return their paths."""
    written: list[Path] = []
    for company in COMPANIES:
        for name, content in files(company).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return tuple(written)


def _client_yaml(company: Company) -> bytes:
    facts = [
        (f"headcount: {company.headcount}", "people, all functions; decides the stage of the company"),
        (f"business_units: {company.business_units}", ""),
        (f"ownership: {company.ownership}", "founder, vc, pe, public or other"),
    ]
    if company.gtm_structure is not None:
        told = "today: centralized (one leader) or distributed (several)"
        facts.append((f"gtm_structure: {company.gtm_structure}", told))
    lines = [f"  {fact:<29}# {told}" if told else f"  {fact}" for fact, told in facts]
    of_export = ": the day of the CRM export" if company.funnel is not None else ""
    text = f"""\
# {company.story} Every name and number is made up.

schema: gtmdiag.client/1
id: {company.id}
name: {_scalar(company.name)}
language: en
currency: {company.currency}

# The day that the report speaks for{of_export}.
as_of: {company.as_of}
confidentiality: Fictional sample

# Facts that the diagnostics read.
company:
"""
    hours = "" if company.funnel is None else _business_hours(company.funnel.timezone)
    return "\n".join([text + lines[0], *lines[1:], hours]).encode()


def _business_hours(timezone: str) -> str:
    return f"""
# When people work: response times at handoffs are told in these hours.
business_hours:
  timezone: {timezone}
  days: [mon, tue, wed, thu, fri]
  hours: 08:00-18:00
"""


def _answers_yaml(person: Person) -> bytes:
    """Return a person's answers, one line an item; an answer left out is an empty value, as in the form."""
    content: dict[str, object] = {"schema": "gtmdiag.answers/1", "role": person.role, "saved_at": person.saved_at}
    content["answers"] = {
        name: {"version": packaged(name).version, "hash": packaged(name).hash, "items": _items(name, facets)}
        for name, facets in person.answers.items()
    }
    return "\n".join([f"# Answers of {person.name}, a fictional person.", *_yaml(content), ""]).encode()


def _items(instrument: str, facets: Mapping[str, tuple[int | str | None, ...]]) -> dict[str, object]:
    """Return answers by item id in the instrument's order. A facet must have as many answers as items."""
    given = {
        item.id: answer
        for facet, answers in facets.items()
        for item, answer in zip(packaged(instrument).items_of(facet), answers, strict=True)
    }
    return {item.id: given.get(item.id) for item in packaged(instrument).items}


def _yaml(mapping: Mapping[str, object], indent: str = "") -> Iterator[str]:
    """Yield the lines of nested mappings with scalars and flat lists in them."""
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _yaml(value, f"{indent}  ")  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, tuple):
            yield f"{indent}{key}: [{', '.join(map(_scalar, value))}]"  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield f"{indent}{key}: {_scalar(value)}".rstrip()


def _scalar(value: object) -> str:
    """Return a scalar; text that some YAML reader might take for something else is quoted."""
    if value is None:
        return ""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _NOT_PLAIN:
        return value
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    for made in write_all(Path(__file__).resolve().parent):
        print(made)
