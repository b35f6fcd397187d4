"""Keep to one pipeline: stages of the same name mean different things in different ones."""

from __future__ import annotations

from typing import Final

import pandas as pd

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.config import CrmConfig, name_key
from gtmdiag.funnel.words import counted

COLUMNS: Final = ("Pipeline", "pipeline", "Deal - Pipeline", "Pipeline Name", "Deal pipeline", "Deal Pipeline")
"""Names under which exports hold the pipeline, looked for where ``crm.yaml`` names none."""


def one_pipeline(
    frames: list[pd.DataFrame], config: CrmConfig, origin: str, problems: list[Problem], warnings: list[Problem]
) -> list[pd.DataFrame]:
    """Return the tables with the rows of the chosen pipeline, without the column ``pipeline``.

    Parameters
    ----------
    frames
        The one or two tables of an export; at most one of them has the column.
    config
        Says which pipeline.
    origin
        File and column, for messages.
    problems, warnings
        Are added to: several pipelines and none chosen; how many deals are left out.
    """
    holding = next((frame for frame in frames if "pipeline" in frame), None)
    if holding is None:
        return frames
    file, _, place = origin.partition(", ")
    counts = holding["pipeline"][holding["pipeline"] != ""].value_counts()
    listed = shorten(", ".join(f"{name} ({counted(n, 'row')})" for name, n in counts.items()), 300)
    chosen = {name_key(name) for name in config.pipeline.value} if config.pipeline else set[str]()
    if not chosen:
        if len(counts) > 1:
            column = place.removeprefix("column ")
            remedy = f"Write 'pipeline: {{column: \"{column}\", value: …}}' in crm.yaml; pipelines are never mixed."
            problems.append(Problem(file, place, f"{len(counts)} pipelines: {listed}", "one pipeline", remedy))
        return [frame.drop(columns="pipeline", errors="ignore") for frame in frames]
    inside = holding["pipeline"].map(name_key).isin(list(chosen))
    if not inside.any():
        remedy = "Correct 'pipeline' in crm.yaml."
        problems.append(Problem(file, place, "no row of the chosen pipeline", listed, remedy))
    # A table without the column follows the other one's deals.
    kept = set(holding["deal"][inside]) if "deal" in holding else set[str]()
    left = [
        frame[inside].drop(columns="pipeline") if frame is holding else frame[frame["deal"].isin(kept)]
        for frame in frames
    ]
    if not inside.all():
        found = f"{counted(int((~inside).sum()), 'row')} of other pipelines, left out: {listed}"
        warnings.append(Problem(file, place, found, "one pipeline", "Analyse each pipeline apart.", "warning"))
    return [frame.reset_index(drop=True) for frame in left]
