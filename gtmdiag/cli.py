"""The command ``gtmdiag``. Heavy imports happen inside the commands, so that help answers at once."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gtmdiag import __version__, assess_cli, batch_cli, clock
from gtmdiag.assess_cli import Folder, Json
from gtmdiag.batch_cli import Engine, Formats, parted
from gtmdiag.errors import GtmdiagError, UsageError
from gtmdiag.terminal import Steps, say, say_error, say_json, say_problems

app = typer.Typer(
    name="gtmdiag",
    help="Diagnose a company's go-to-market model: one folder a client in, one report out.",
    epilog="Start with: gtmdiag init clients/acme",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Drawing help with rich would take twice as long as all the rest.
    rich_markup_mode=None,
)

DEBUG = "--debug"
INTERRUPTED = 130
_END = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What the system tells a command that shall end, and one whose terminal was closed."""


def main() -> None:
    """Run the command line: exit status 0 done, 1 the input has problems, 2 wrong usage."""
    _open_standard_streams()
    debug = DEBUG in sys.argv
    sys.argv[1:] = [argument for argument in sys.argv[1:] if argument != DEBUG]
    for number in _END:
        # What was started to outlive its terminal, as by nohup, does.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)
    try:
        app()
    except GtmdiagError as error:
        if debug:
            raise
        say_error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except SystemExit as end:
        # typer takes the interruption and ends so.
        if end.code == INTERRUPTED:
            say("Stopped. Nothing that was finished is lost.", error=True)
        raise
    except Exception as error:
        if debug:
            raise
        fault = f"This is a fault in gtmdiag itself ({type(error).__name__}: {error})."
        remedy = "Run the same command with --debug and report what it prints, without client data."
        say_error(GtmdiagError(f"{fault}\n{remedy}"), as_json="--json" in sys.argv)
        sys.exit(1)


def _open_standard_streams() -> None:
    """Let nothing come of streams that whoever started the command had closed: other files would get their numbers."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # The lowest number that is free is given out, which is the stream's own.
            handle = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(handle, True)
            setattr(sys, name, os.fdopen(handle, "r" if name == "stdin" else "w", encoding="utf-8"))


def _interrupt(*_: object) -> NoReturn:
    """End a command as Ctrl-C does."""
    for number in _END:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"gtmdiag {__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option(DEBUG, help="Show Python's traceback when something goes wrong.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Diagnose a company's go-to-market model: one folder a client in, one report out."""


@app.command(epilog="Example: gtmdiag init clients/acme --name 'Acme Ltd'")
def init(
    folder: Folder,
    name: Annotated[str, typer.Option(help="The client's name; by default the folder's.")] = "",
    client_id: Annotated[str, typer.Option("--id", help="The client's id: a-z, 0-9 and '-'.")] = "",
    json: Json = False,
) -> None:
    """Write a new client folder with commented files, ready to edit. Files that exist are left alone."""
    from gtmdiag.engagement.init import init_engagement

    made = init_engagement(folder, name=name, client_id=client_id)
    if json:
        say_json("init", written=[str(path) for path in made.written], left=[str(path) for path in made.left])
        return
    for path in made.written:
        say(f"written  {path}")
    for path in made.left:
        say(f"kept     {path}")
    say(f"Next: fill in {folder / 'client.yaml'}, then run 'gtmdiag check {folder}'.")


@app.command(epilog="Example: gtmdiag check clients/acme")
def check(folder: Folder, json: Json = False) -> None:
    """Tell every problem of every input at once, with file, place and remedy."""
    from gtmdiag.check import check as check_folder

    problems = check_folder(folder, today=clock.today())
    errors = sum(problem.severity == "error" for problem in problems)
    if json:
        say_json("check", errors=errors, warnings=len(problems) - errors, problems=problems)
    else:
        say_problems(problems)
    if errors:
        raise typer.Exit(1)


@app.command(epilog="Example: gtmdiag render clients/acme --to pdf")
def render(
    folder: Folder,
    to: Formats = "html,pdf",
    wave: Annotated[str, typer.Option(help="A wave of answers; by default the last.")] = "",
    notebook: Annotated[str, typer.Option(help="The notebook to render.")] = "client_report",
    no_execute: Annotated[
        bool, typer.Option("--no-execute", help="Convert the report notebook as it is, with your edits.")
    ] = False,
    engine: Engine = "warm",
    json: Json = False,
) -> None:
    """Make one client's report: an executed notebook, HTML, PDF, slides, a workbook, in DIR/reports."""
    with Steps(silent=json) as steps:
        # Loading takes longer than most of the work.
        steps("Starting", 0, 0)
        from gtmdiag.publish import render as publish

        formats, today = parted(to), clock.today()
        if no_execute:
            made = publish.convert(folder, wave=wave, formats=formats, notebook=notebook, today=today)
        else:
            made = publish.render(
                folder, wave=wave, formats=formats, notebook=notebook, today=today, engine=engine, progress=steps
            )
    if json:
        outputs, kept = [str(path) for path in made.outputs], [str(path) for path in made.kept]
        say_json("render", outputs=outputs, kept=kept, warnings=list(made.warnings))
        return
    for warning in made.warnings:
        say(f"warning: {warning}", error=True)
    for path in made.kept:
        say(f"Your edited {path.name} is kept in {path.parent / '.history'}.", error=True)
    for path in made.outputs:
        say(str(path))


@app.command(epilog="Example: gtmdiag funnel export.csv --config crm.yaml --by segment")
def funnel(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CRM export: csv, tsv, xlsx or parquet.")],
    config: Annotated[Path | None, typer.Option(help="A crm.yaml; without it one is proposed.")] = None,
    by: Annotated[str, typer.Option(help="Tell conversion by segment, owner or source.", show_default=False)] = "",
    write: Annotated[Path | None, typer.Option(help="Write the proposed crm.yaml here.")] = None,
    json: Json = False,
) -> None:
    """Tell where one export's deals stand, how many move on and what each leak is worth."""
    with Steps(silent=json) as steps:
        steps("Reading the export", 0, 0)
        from gtmdiag.funnel.analyse import analyse_file
        from gtmdiag.funnel.propose import propose
        from gtmdiag.funnel_view import proposal_lines, result_lines

        proposal = propose(file) if config is None else None
        if proposal is not None and write is not None:
            _write_new(write, proposal.text)
        result = analyse_file(file, config, today=clock.today(), by=by)
    if json:
        say_json("funnel", **result.to_dict())
        return
    for line in (
        *(proposal_lines(proposal) if proposal is not None else ()),
        *result_lines(result, by_segment=bool(by)),
    ):
        say(line)
    if proposal is not None and write is None:
        say(f"To keep and correct what was taken for what: gtmdiag funnel {file} --write crm.yaml")


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    from gtmdiag.engagement.save import write_atomic

    if path.exists():
        raise UsageError(f"{path} is there already. Name another file, or remove it first.")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is not a folder. Name a file in one that is there.")
    write_atomic(path, text.encode(), keep_previous=False)
    say(f"written  {path}", error=True)


@app.command(epilog="Example: gtmdiag adopt clients/acme --sales 'VP Sales'")
def adopt(
    folder: Folder,
    marketing: Annotated[str, typer.Option(help="Who owns marketing's rules.")] = "",
    sales: Annotated[str, typer.Option(help="Who owns the rules of sales.")] = "",
    cs: Annotated[str, typer.Option(help="Who owns the rules of customer success.")] = "",
    json: Json = False,
) -> None:
    """Offer the published KPI rules, and write those whose owner is named into operating_model.yaml."""
    from gtmdiag.instruments.adopt import adopt as take_on
    from gtmdiag.instruments.adopt import offers
    from gtmdiag.kpis.words import rule_in_words

    owners = {team: name for team, name in (("marketing", marketing), ("sales", sales), ("cs", cs)) if name}
    written = take_on(folder, owners) if owners else ()
    found = offers(folder)
    if json:
        rules = [{**one.rule.model_dump(mode="json"), "owner": one.owner, "own": one.own} for one in found]
        say_json("adopt", written=[one.rule.id for one in written], rules=rules)
        return
    for one in found:
        state = one.owner or ("own rule" if one.own else "free")
        say(f"{one.rule.id:<26} {state}")
        say(f"   {one.rule.name} {rule_in_words(one.rule.owned(state))}: {one.rule.action}")
    if not owners and any(not one.owner and not one.own for one in found):
        say(f"To adopt: gtmdiag adopt {folder} --marketing OWNER --sales OWNER --cs OWNER")


@app.command(epilog="Example: gtmdiag standup clients/acme --week 2026-W45")
def standup(
    folder: Folder,
    week: Annotated[str, typer.Option(help="An ISO week such as 2026-W45; by default this one.")] = "",
    engine: Engine = "warm",
    json: Json = False,
) -> None:
    """Make this week's stand-up pack in DIR/standups, and carry the actions over in actions.yaml there."""
    with Steps(silent=json) as steps:
        steps("Starting", 0, 0)
        from gtmdiag.publish.standup import day_of_week, make_standup
        from gtmdiag.standup_view import standup_json, standup_lines

        today = day_of_week(week, clock.today())
        read, made = make_standup(folder, today=today, engine=engine, progress=steps)
    outputs = [str(path) for path in made.outputs]
    if json:
        say_json("standup", **standup_json(read), outputs=outputs)
        return
    for line in (*standup_lines(read), "", *outputs):
        say(line)


batch_cli.add_commands(app)
assess_cli.add_commands(app)


@app.command(epilog="Example: gtmdiag doctor --json")
def doctor(json: Json = False) -> None:
    """Tell what is installed, what is missing and what to do."""
    from gtmdiag.doctor import examine

    findings = examine()
    if json:
        say_json("doctor", checks=findings)
    else:
        for one in findings:
            say(f"{'ok     ' if one.ok else 'MISSING'}  {one.what}: {one.found}")
            if one.remedy:
                say(f"         {one.remedy}")
    if not all(one.ok for one in findings):
        raise typer.Exit(1)
