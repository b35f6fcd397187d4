"""The form in JupyterLab, for a consultant: who answers is chosen, and what the answers come to stands beside it."""

# ipywidgets comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gtmdiag import clock
from gtmdiag.assess.invited import invited, invited_waves
from gtmdiag.assess.live import Live, Shown
from gtmdiag.assess.live_views import About, person_views
from gtmdiag.assess.session import Session, live_form, open_session
from gtmdiag.diagnostics.company import company_stage
from gtmdiag.engagement.folder import chosen_wave, read_folder
from gtmdiag.engagement.operating_file import read_operating_file
from gtmdiag.errors import GtmdiagError, InputError
from gtmdiag.instruments.answers import DONT_KNOW
from gtmdiag.instruments.schema import Value
from gtmdiag.report.blocks import Block, Group, Headline, Notice

_WHO = (
    "Add a person with: gtmdiag form DIR --respondent ID --role ROLE. An executive fills the form in by mail, or at "
    "this machine with: gtmdiag assess DIR --respondent ID --role ROLE."
)


def with_result(session: Session) -> Any:
    """Return a session's form with what its answers come to beside it, or below it where there is no room."""
    import ipywidgets

    form = live_form(session)
    # The form's margins are shares of what it stands in.
    place = ipywidgets.VBox([form])
    place.layout.flex = "1 1 26em"
    shown = Shown()
    shown.widget.layout.flex = "1 1 26em"
    shown.widget.layout.max_width = "46em"
    about = _about(session)
    instruments = [session.instruments[part.id] for part in session.spec.parts]
    last: dict[str, dict[str, Value]] | None = None

    def follow(_: object = None) -> None:
        nonlocal last
        answers = _valid(form.answers.get("answers") or {})
        if last == answers:
            return
        before, last = answers if last is None else last, answers
        # What was answered last comes first: the others may be beneath the window's edge.
        instruments.sort(key=lambda one: before.get(one.id) == answers.get(one.id))
        views = [view for _, view in person_views(instruments, answers, about)]
        note = Notice("neutral", "Seen by consultants only", "The form by mail, and that of 'assess', show no result.")
        shown.show(Group((Headline("As answered so far", level=3), *views, note)))

    form.observe(follow, names="answers")
    follow()
    layout = ipywidgets.Layout(flex_flow="row wrap", align_items="flex-start", grid_gap="1.5em")
    return ipywidgets.Box([place, shown.widget], layout=layout)


def _about(session: Session) -> About:
    """Return what answers are held against; a file of the client's that cannot be used is for ``check`` to tell."""
    client, file = session.client, None
    with suppress(InputError):
        file = read_operating_file(session.root)
    stage = company_stage(client.company.headcount, client.company.business_units)
    model = file.model if file is not None else None
    return About(client, session.role, stage, model, client.as_of or clock.today())


def desk(engagement: str, wave: str = "") -> Live:
    """Return a choice of the people who were asked in a wave; the form of the chosen one opens below it.

    Raises
    ------
    InputError, MissingError, UsageError
        As `open_session`.
    """
    root = Path(engagement)
    folder = read_folder(root)
    wave = chosen_wave(sorted({*folder.waves, *invited_waves(root)}), wave)
    asked = invited(root, wave) if wave else {}
    people = {
        **{name: one.role for name, one in asked.items()},
        **{one.id: one.role for one in folder.waves.get(wave, ())},
    }
    told = f"Open this notebook in JupyterLab to fill in the form of one of {len(people)} people." if people else ""
    broken = [one for one in folder.problems if one.severity == "error" and one.file.startswith(f"answers/{wave}/")]
    left_out = [Notice("bad", f"{one.file} cannot be used", str(one)) for one in broken]
    block = Group((*left_out, Notice("neutral", "The form is filled in, not reported", f"{told} {_WHO}".strip())))

    def open_one(respondent: str) -> Any:
        role, invitation = people[respondent], asked.get(respondent)
        if invitation is None:
            return with_result(open_session(root, respondent, role, wave=wave))
        names, language = invitation.instruments, invitation.language
        return with_result(open_session(root, respondent, role, wave=wave, instruments=names, language=language))

    def build() -> Any:
        import ipywidgets

        if not people:
            return _said(block)
        choice = _choice({f"{name} ({role})": name for name, role in sorted(people.items())}, open_one)
        return ipywidgets.VBox([*map(_said, left_out), choice])

    return Live(block, build)


def _said(block: Block) -> Any:
    shown = Shown()
    shown.show(block)
    return shown.widget


def _choice(people: Mapping[str, str], open_one: Callable[[str], Any]) -> Any:
    import ipywidgets

    from gtmdiag.report.keys import OwnKeys

    who = ipywidgets.Dropdown(options=[("–", ""), *people.items()], description="Who answers", value="")
    who.style.description_width = "8em"
    place = ipywidgets.VBox()

    def chosen(change: Mapping[str, Any]) -> None:
        for old in place.children:
            old.close()
        try:
            place.children = (open_one(change["new"]),) if change["new"] else ()
        except GtmdiagError as error:
            place.children = (_said(Notice("bad", "The form cannot be opened", str(error))),)

    who.observe(chosen, names="value")
    return ipywidgets.VBox([ipywidgets.HBox([who, OwnKeys()]), place])


def _valid(given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Value]]:
    """Return the answers of a record by instrument, without those that are missing."""
    found: dict[str, dict[str, Value]] = {}
    for item, one in given.items():
        value: Value | None = one.get("value")
        if value is not None and value != DONT_KNOW:
            found.setdefault(item.partition(".")[0], {})[item] = value
    return found
