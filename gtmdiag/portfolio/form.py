"""The parts of results.json that a portfolio reads, as DuckDB's types, and the queries that make tidy rows of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_INDEX: Final = {"low": "DOUBLE", "high": "DOUBLE"}
_VERDICT: Final = {"id": "VARCHAR"}
_READING: Final = {
    "n": "BIGINT",
    "champion": _INDEX,
    "operator": _INDEX,
    "autonomy": _INDEX,
    "verdict": _VERDICT,
}
_SHARE: Final = {"estimate": "DOUBLE", "low": "DOUBLE", "high": "DOUBLE", "n": "BIGINT", "horizon_days": "BIGINT"}

FORM: Final[dict[str, Any]] = {
    "schema": "VARCHAR",
    "client": {"id": "VARCHAR", "name": "VARCHAR", "branding": {"name": "VARCHAR"}},
    "wave": "VARCHAR",
    "respondents": "BIGINT",
    "as_of": "DATE",
    "champion_operator": {"hash": "VARCHAR", "ceo": _READING, "team": _READING},
    "ownership_altitude": {
        "hash": "VARCHAR",
        "leaders": "BIGINT",
        "institution": {"ceo": _INDEX, "leaders": _INDEX},
    },
    "marketing": {
        "hash": "VARCHAR",
        "marketing": {"n": "BIGINT"},
        "sales": {"n": "BIGINT"},
        "pillars": [{"id": "VARCHAR", "ceo": _INDEX, "marketing": _INDEX, "sales": _INDEX}],
    },
    "funnel": {
        "deals": "BIGINT",
        "stages": [{"stage": "VARCHAR", "roles": ["VARCHAR"]}],
        "estimates": {
            "stages": [{"stage": "VARCHAR", "to": "VARCHAR", "conversion": _SHARE}],
            "leaks": [
                {
                    "stage": "VARCHAR",
                    "to": "VARCHAR",
                    "conversion": {"n": "BIGINT"},
                    "flagged": "BOOLEAN",
                    "value": "DOUBLE",
                    "low": "DOUBLE",
                    "high": "DOUBLE",
                }
            ],
            "currency": "VARCHAR",
        },
    },
    "synthesis": {"constraint": {"theme": "VARCHAR"}},
    "waves": {
        "waves": [{"name": "VARCHAR"}],
        "moves": [
            {
                "id": "VARCHAR",
                "who": "VARCHAR",
                "higher_is_better": "BOOLEAN",
                "values": [_INDEX],
                "change": "DOUBLE",
                "noise": "DOUBLE",
                "reading": "VARCHAR",
            }
        ],
    },
}
"""Everything that `gtmdiag render` writes of these is always there, be it null."""

CLIENTS: Final = """
select place, r.client.id, r.client.name, coalesce(nullif(r.client.branding.name, ''), r.client.name), r.wave, r.as_of,
    r.respondents, r.funnel.deals,
    coalesce(r.champion_operator.ceo.verdict.id, ''), coalesce(r.synthesis.constraint.theme, ''),
    coalesce(len(r.waves.waves), 0)
from results order by place
"""
STAGES: Final = """
select place, s.stage, s.roles from (select place, unnest(r.funnel.stages) as s from results)
"""
CONVERSIONS: Final = """
select place, s.stage, s."to", s.conversion.estimate, s.conversion.low, s.conversion.high, s.conversion.n,
    s.conversion.horizon_days
from (select place, unnest(r.funnel.estimates.stages) as s from results) where s.conversion is not null order by place
"""
LEAKS: Final = """
select place, currency, l.stage, l."to", l.value, l.low, l.high, l.conversion.n
from (select place, r.funnel.estimates.currency as currency, unnest(r.funnel.estimates.leaks) as l from results)
where l.flagged and l.value is not null and currency <> ''
qualify row_number() over (partition by place order by l.value desc, l.stage) = 1 order by place
"""
MOVES: Final = """
select place, m.id, m.who, m.higher_is_better, m."values"[-2].low, m."values"[-2].high, m."values"[-1].low,
    m."values"[-1].high, m.change, m.noise, m.reading
from (select place, unnest(r.waves.moves) as m from results) where m.reading in ('moved', 'within noise') order by place
"""


def indices() -> str:
    """Return the query of all indices: place, instrument, hash, index id, who, low, high, n."""
    return f"select * from ({' union all '.join(_indices())}) as t(place, instrument, hash, id, who, low, high, n)"


def _indices() -> Iterator[str]:
    role, owner, market = "champion_operator", "ownership_altitude", "marketing"
    for who, part in (("CEO", "ceo"), ("Leaders", "team")):
        for index in ("champion", "operator", "autonomy"):
            yield _index(role, index, who, f"r.{role}.{part}.{index}", f"r.{role}.{part}.n")
    yield _index(owner, "institution", "CEO", f"r.{owner}.institution.ceo", "1")
    yield _index(owner, "institution", "Leaders", f"r.{owner}.institution.leaders", f"r.{owner}.leaders")
    pillars = f"(select place, r, unnest(r.{market}.pillars) as p from results)"
    for who, n in (("CEO", "1"), ("Marketing", f"r.{market}.marketing.n"), ("Sales", f"r.{market}.sales.n")):
        yield _index(market, "", who, f"p.{who.lower()}", n, rows=pillars)


def _index(instrument: str, index: str, who: str, path: str, n: str, rows: str = "results") -> str:
    """Return the query of one index; all that goes into it is written here."""
    named = f"'{index}'" if index else "p.id"
    return (
        f"select place, '{instrument}', r.{instrument}.hash, {named}, '{who}', "
        f"{path}.low, {path}.high, {n} from {rows} where {path}.low is not null and {path}.high is not null"
    )


def unsound() -> str:
    """Return the query of the places whose figures cannot be what they are said to be."""
    return f"""
    select distinct place from (
        select place from ({indices()})
        where (hash is not null and 0 <= low and low <= high and high <= 100 and n >= 1) is not true
        union all select place from ({CONVERSIONS}) as t(place, stage, step, estimate, low, high, n, days)
        where (0 <= low and low <= high and high <= 1 and estimate between 0 and 1 and n >= 1) is not true
        union all select place from ({LEAKS}) as t(place, currency, stage, step, value, low, high, n)
        where (isfinite(value) and isfinite(low) and low <= high and isfinite(high) and n >= 1) is not true
        union all select place from ({MOVES})
            as t(place, id, who, higher, low, high, low_now, high_now, change, noise, reading)
        where (
            abs(change) <= 100 and noise between 0 and 1000 and who is not null
            and isfinite(low) and low <= high and isfinite(high)
            and isfinite(low_now) and low_now <= high_now and isfinite(high_now)
        ) is not true
        union all select place from ({STAGES}) as t(place, stage, roles)
        where (stage is not null and list_count(roles) = len(roles)) is not true
        union all select place from results
        where (
            r.client.id <> '' and r.client.name <> '' and r.wave is not null and r.respondents >= 0
            and coalesce(year(r.as_of) between 1 and 9999, r.as_of is null)
        ) is not true
    ) order by place
    """
