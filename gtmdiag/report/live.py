"""Sliders for JupyterLab: the conversion of each stage, and what the funnel would then be worth."""

# ipywidgets comes without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import html
import os
from dataclasses import dataclass
from typing import Any, cast

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.model import Model
from gtmdiag.funnel.what_if import Amount, points, what_if
from gtmdiag.report.blocks import Group
from gtmdiag.report.session import SESSION


@dataclass(frozen=True)
class Sliders:
    """A table of what-ifs for every report; where someone has the notebook open, sliders in its place."""

    model: Model | None
    table: Group

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002
        bundle, model = self.table.mime_bundle(), self.model
        if not os.environ.get(SESSION) or model is None or model.value is None:
            return bundle
        # A front end without widgets shows the table, and so does every report.
        return cast("dict[str, Any]", panel(model)._repr_mimebundle_()) | bundle


def panel(model: Model) -> Any:
    """Return a widget with one slider a stage, from its measured conversion, and what moving them is worth.

    Everything is computed in the notebook's kernel; nothing is fetched.
    """
    import ipywidgets

    from gtmdiag.report.keys import OwnKeys

    measured = {point.stage: point.conversion for point in points(model)}
    # A browser moves a slider to the nearest step by itself; that is no move of the reader's.
    starts = {stage: round(share, 3) for stage, share in measured.items()}
    wide, names = ipywidgets.Layout(width="36em"), {"description_width": "14em"}
    sliders = {
        stage: ipywidgets.FloatSlider(
            value=start,
            min=0,
            max=1,
            step=0.001,
            description=stage,
            readout_format=".1%",
            layout=wide,
            style=names,
        )
        for stage, start in starts.items()
    }
    head = ipywidgets.Label("Of the deals that enter a stage, this share moves on:")
    told = ipywidgets.HTML()
    told.layout.max_width = "46em"
    back = ipywidgets.Button(description="As measured")
    # Under the sliders, not under their names.
    back.layout.margin = "2px 0 0 calc(14em + 16px)"

    def tell(_: object = None) -> None:
        steps = {stage: float(cast("float", one.value)) - starts[stage] for stage, one in sliders.items()}
        moved = {stage: min(max(measured[stage] + step, 0.0), 1.0) for stage, step in steps.items() if abs(step) > 1e-6}
        told.value = f'<p style="line-height: 1.5">{html.escape(what_if_text(model, moved))}</p>'

    def reset(_: object) -> None:
        for stage, one in sliders.items():
            one.value = starts[stage]

    for one in sliders.values():
        one.observe(tell, "value")
    back.on_click(reset)
    tell()
    return ipywidgets.VBox([head, *sliders.values(), back, told, OwnKeys()])


def what_if_text(model: Model, conversions: dict[str, float]) -> str:
    """Say what the deals of the export come to at these conversions, and what that adds."""
    found = what_if(model, conversions)
    if found is None:
        return "No money is told of this funnel."
    value = f"The deals of this export come to {_interval(found.value, model.currency)}"
    if not conversions:
        return f"{value}, each step within its days. Move a slider to ask what another conversion is worth."
    change = _interval(found.change, model.currency)
    return f"{value}: a change of {change}, if the other stages hold. No cause is told, and no cost."


def _interval(amount: Amount, currency: str) -> str:
    value, low, high = (money(part, currency) for part in (amount.estimate, amount.low, amount.high))
    return f"{value} (95 % interval {low} to {high})"
