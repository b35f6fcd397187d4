"""Tools to think with, for a consultant in JupyterLab: flip an answer, move an owner, and see what follows."""

# ipywidgets comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gtmdiag.assess.agreed_map import SIDES, agreed_of, answers_of, map_items, map_rows, most_say, question
from gtmdiag.assess.live import Live, Shown
from gtmdiag.assess.live_views import altitude_view, gut_view
from gtmdiag.diagnostics.company import company_stage
from gtmdiag.diagnostics.gut_check.readings import counting_rule
from gtmdiag.diagnostics.ownership_altitude.positions import OWNER
from gtmdiag.engagement.agreed import client_text, save_agreed
from gtmdiag.engagement.folder import open_engagement
from gtmdiag.engagement.schema import Client
from gtmdiag.errors import GtmdiagError, InputError
from gtmdiag.instruments.answers import Response, responses
from gtmdiag.instruments.load import load_all
from gtmdiag.instruments.schema import Instrument, Value
from gtmdiag.instruments.scoring import Answers
from gtmdiag.report.blocks import Group, Headline, Notice

_OPEN = ""
_PLAN = "As set in the editor, against what the stage asks. Nothing is saved until you say so."


def gut_check(engagement: str, wave: str = "") -> Live:
    """Return the five questions to flip, beginning with the CEO's answers; nothing is saved.

    Raises
    ------
    InputError, MissingError, UsageError
        The engagement cannot be used, or has no such wave.
    """
    _, instruments, given = _read(engagement, wave)
    instrument = instruments["gut_check"]
    nothing: Mapping[str, Value] = {}
    own = next((one.answers for one in given["gut_check"] if one.role == "ceo"), nothing)
    items = instrument.items_of(counting_rule(instrument).facet)
    start = {item.id: own[item.id] for item in items if item.id in own}
    whose = "As the CEO answers" if start else "The CEO has not answered: all is open"

    def build() -> Any:
        choices = {
            item.id: _dropdown(
                instrument.domain_label(item.domain),
                [(option.label, option.value) for option in instrument.scale_of(item).options],
                start.get(item.id),
                item.self_,
            )
            for item in items
        }
        rows = [(_label(one.description), one) for one in choices.values()]
        return _panel(
            [_label(whose, bold=True), _grid(rows, "8em")], choices, lambda: gut_view(instrument, _set(choices))
        )

    return Live(Group((Headline(whose, level=3), gut_view(instrument, start))), build)


def altitude_map(engagement: str, wave: str = "") -> Live:
    """Return the decision map to edit: who owns, designs and decides, and at which altitude that puts the model.

    It begins with what client.yaml says was agreed, else with what most people answer. Its buttons write client.yaml,
    or a copy; nothing else does.

    Raises
    ------
    InputError, MissingError, UsageError
        The engagement cannot be used, or has no such wave.
    """
    client, instruments, given = _read(engagement, wave)
    instrument = instruments["ownership_altitude"]
    agreed = answers_of(instrument, client.agreed_ownership)
    start = agreed or most_say(instrument, given["ownership_altitude"])
    stage = company_stage(client.company.headcount, client.company.business_units)

    def view(answers: Mapping[str, Value]) -> Group:
        return altitude_view(instrument, answers, stage, client, "ceo", _PLAN)

    root = Path(engagement)
    whose = "As agreed, in client.yaml" if agreed else "As most people answer today"
    block = Group((Headline(whose, level=3), view(start)))
    return Live(block, lambda: _editor(root, instrument, start, view, whose))


def _editor(
    root: Path, instrument: Instrument, start: Mapping[str, Value], view: Callable[[Answers], Group], whose: str
) -> Any:
    import ipywidgets

    opened = client_text(root)
    choices = {item: _dropdown(*question(instrument, item), start.get(item)) for item in map_items(instrument)}
    told = Shown()

    def save(copy: bool, _: object) -> None:
        nonlocal opened
        try:
            path = save_agreed(root, agreed_of(instrument, _set(choices)), opened=opened, copy=copy)
        except GtmdiagError as error:
            told.show(Notice("bad", "Nothing was saved", str(error)))
            return
        opened = client_text(root)
        told.show(Notice("good", f"Saved in {path.name}", "" if copy else "The version before is in .history."))

    keep, copied = (ipywidgets.Button(description=text) for text in ("Save in client.yaml", "Save a copy"))
    for button, copy in ((keep, False), (copied, True)):
        button.layout.width = "auto"
        button.on_click(partial(save, copy))
    rows = [
        (_label(choices[OWNER].description), choices[OWNER]),
        (_label(""), *map(_head, SIDES)),
        *((_label(name), *(choices[item] for item in items)) for name, items in map_rows(instrument).items()),
    ]
    column = [_label(whose, bold=True), _grid(rows, "20em"), ipywidgets.HBox([keep, copied]), told.widget]
    return _panel(column, choices, lambda: view(_set(choices)))


def _read(engagement: str, wave: str) -> tuple[Client, Mapping[str, Instrument], Mapping[str, tuple[Response, ...]]]:
    folder = open_engagement(Path(engagement), wave)
    instruments, broken = load_all(Path(engagement))
    if broken:
        raise InputError(broken)
    return folder.client, instruments, responses(folder.respondents, instruments)


def _panel(column: Sequence[Any], choices: Mapping[str, Any], view: Callable[[], Group]) -> Any:
    """Return a column that holds the choices with what they come to beside it, or below where there is no room."""
    import ipywidgets

    from gtmdiag.report.keys import OwnKeys

    shown = Shown()
    shown.widget.layout.flex = "1 1 28em"
    shown.widget.layout.max_width = "46em"

    def tell(_: object = None) -> None:
        shown.show(view())

    for one in choices.values():
        one.observe(tell, names="value")
    tell()
    layout = ipywidgets.Layout(flex_flow="row wrap", align_items="flex-start", grid_gap="1.5em")
    return ipywidgets.Box([ipywidgets.VBox([*column, OwnKeys()]), shown.widget], layout=layout)


def _grid(rows: Sequence[Sequence[Any]], width: str) -> Any:
    """Return rows of a name and choices beneath each other; a short one is filled up."""
    import ipywidgets

    places = max(map(len, rows))
    cells = [cell for row in rows for cell in (*row, *(_label("") for _ in range(places - len(row))))]
    columns = f"max-content repeat({places - 1}, minmax(6em, {width}))"
    return ipywidgets.GridBox(cells, layout=ipywidgets.Layout(grid_template_columns=columns, grid_gap="0 .75em"))


def _label(text: str, *, bold: bool = False) -> Any:
    import ipywidgets

    return ipywidgets.Label(text, style={"font_weight": "bold" if bold else "normal"})


def _head(text: str) -> Any:
    label = _label(text, bold=True)
    # As far in as a dropdown's edge.
    label.layout.padding = "0 0 0 8px"
    return label


def _dropdown(label: str, options: Sequence[tuple[str, Value]], value: Value | None, tooltip: str = "") -> Any:
    import ipywidgets

    # None would select nothing, not even what stands for "open".
    start = _OPEN if value is None else value
    choice = ipywidgets.Dropdown(options=[("open", _OPEN), *options], value=start, description=label, tooltip=tooltip)
    # Its name stands beside it, or in its row and column; a screen reader reads this one.
    choice.style.description_width = "0"
    choice.layout.width = "auto"
    return choice


def _set(choices: Mapping[str, Any]) -> dict[str, Value]:
    return {item: one.value for item, one in choices.items() if one.value != _OPEN}
