"""The commands that gather answers. Heavy imports happen inside them, so that help answers at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gtmdiag import clock
from gtmdiag.errors import UsageError
from gtmdiag.terminal import say, say_json, say_problems

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The client's folder.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
Who = Annotated[str, typer.Option(metavar="ID", help="Who answers: a-z, 0-9 and '-'.", show_default=False)]
Role = Annotated[str, typer.Option(help="The person's role, such as ceo, cro or vp_marketing.", show_default=False)]
Wave = Annotated[str, typer.Option(help="The wave of answers, such as 2026-q4; by default the last.")]
Instruments = Annotated[list[str] | None, typer.Option("--instrument", help="Ask this one only; repeatable.")]
Language = Annotated[str, typer.Option(help="Language of the form; by default client.yaml's.")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog="Example: gtmdiag form clients/acme --respondent jane --role cmo --wave 2026-q4")(form)
    app.command(epilog="Example: gtmdiag collect clients/acme jane.json survey.xlsx")(collect)
    app.command(epilog="Example: gtmdiag status clients/acme --remind")(status)
    app.command(epilog="Example: gtmdiag withdraw clients/acme --respondent jane")(withdraw)
    app.command(epilog="Example: gtmdiag assess clients/acme --respondent ann --role ceo")(assess)


def form(
    folder: Folder,
    respondent: Who,
    role: Role,
    instrument: Instruments = None,
    wave: Wave = "",
    language: Language = "",
    out: Annotated[Path | None, typer.Option(help="Where to write it; by default in this folder.")] = None,
    json: Json = False,
) -> None:
    """Write the assessment as one HTML file to mail to a person, who sends back the answers file that it writes."""
    from gtmdiag.assess.mailed import mailed_form
    from gtmdiag.assess.session import invite_session
    from gtmdiag.assess_view import mailed_lines
    from gtmdiag.engagement.save import write_atomic

    made = mailed_form(folder, respondent, role, wave=wave, instruments=instrument or (), language=language)
    session = made.session
    path = out or Path(f"{session.client.id}-{session.wave}-{respondent}.html")
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file.")
    write_atomic(path, made.page, keep_previous=False)
    invite_session(session)
    if json:
        who = {"wave": session.wave, "respondent": respondent, "role": role}
        asked = {"instruments": [part.id for part in session.spec.parts], "left_out": made.left_out}
        say_json("form", path=path, bytes=len(made.page), questions=session.spec.questions, **who, **asked)
        return
    for line in mailed_lines(made, path, folder):
        say(line)


def collect(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Answers files, or surveys as csv or xlsx.")],
    wave: Wave = "",
    respondent: Annotated[str, typer.Option(metavar="ID", help="Whose answers they are; others are refused.")] = "",
    role: Annotated[str, typer.Option(help="That person's role.")] = "",
    accept: Annotated[Path | None, typer.Option(help="What the columns of a survey stand for, as you decided.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write a draft of that file here.")] = None,
    json: Json = False,
) -> None:
    """Bring answers back. A file that does not fit changes nothing; an answer that is replaced is kept."""
    from gtmdiag.assess.collect import collect as collect_files
    from gtmdiag.assess.surveyrules import read_accepted
    from gtmdiag.assess_view import outcome_lines

    accepted = None if accept is None else read_accepted(accept)
    if write is not None and write.exists():
        raise UsageError(f"{write} is there already. Name another file, or remove it first.")
    done = collect_files(
        folder, files, now=datetime.now(tz=UTC), wave=wave, respondent=respondent, role=role, accepted=accepted
    )
    if write is not None:
        _write_draft(write, [one.proposal for one in done if one.proposal])
    if json:
        say_json("collect", files=done)
    else:
        for outcome in done:
            for line in outcome_lines(outcome):
                say(line)
            if outcome.problems:
                say_problems(outcome.problems, error=True)
    if any(outcome.refused for outcome in done):
        raise typer.Exit(1)


def _write_draft(path: Path, drafts: list[str]) -> None:
    from gtmdiag.engagement.save import write_atomic

    if len(drafts) != 1:
        raise UsageError(f"--write makes a draft for one survey; {len(drafts)} were given.")
    write_atomic(path, drafts[0].encode(), keep_previous=False)
    say(f"written  {path}", error=True)


def status(
    folder: Folder,
    wave: Wave = "",
    remind: Annotated[bool, typer.Option("--remind", help="Print the text to send to each who is not done.")] = False,
    json: Json = False,
) -> None:
    """Tell who has answered what, and what is missing. It never shows an answer."""
    from gtmdiag.assess.status import status as status_of
    from gtmdiag.assess_view import reminder_lines, status_lines

    found = status_of(folder, wave)
    if json:
        say_json(
            "status", wave=found.wave, waves=found.waves, people=found.people, groups=found.groups, stale=found.stale
        )
        return
    for line in reminder_lines(found) if remind else status_lines(found):
        say(line)


def withdraw(
    folder: Folder,
    respondent: Who,
    wave: Annotated[str, typer.Option(help="This wave only; by default all.")] = "",
    json: Json = False,
) -> None:
    """Delete a person's answers with all earlier versions, and mark the reports that rest on them."""
    from gtmdiag.assess.store import withdraw as withdraw_answers
    from gtmdiag.diagnostics.numbers import count

    done = withdraw_answers(folder, respondent, wave=wave, today=clock.today())
    if json:
        say_json("withdraw", waves=done.waves, files=done.files, stale=done.stale)
        return
    say(f"Deleted: {count(done.files, 'file')} in {', '.join(done.waves) or 'no wave'}.")
    for mark in done.stale:
        say(f"stale    {mark.parent}")
    if done.stale:
        say("Render the marked reports again.")
    say("Copies that were sent, backups, and edited reports in .history folders are not")
    say("reached: delete those yourself.")


def assess(
    folder: Folder,
    respondent: Who,
    role: Role,
    instrument: Instruments = None,
    wave: Wave = "",
    language: Language = "",
    port: Annotated[int, typer.Option(min=1024, max=65535, help="The first port to try.")] = 8866,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Let other machines reach it; it is not encrypted.")
    ] = False,
    idle: Annotated[int, typer.Option(min=1, help="Minutes after which a closed page's process ends.")] = 20,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    json: Json = False,
) -> None:
    """Open the form in a browser on this machine, behind a token. Each change is saved at once. Ctrl-C ends it."""
    from gtmdiag.assess.address import Address, require_home

    address = Address(host, port, allow_network)
    require_home(address)
    from gtmdiag.assess.server import serve
    from gtmdiag.assess.session import environment, invite_session, open_session

    session = open_session(folder, respondent, role, wave=wave, instruments=instrument or (), language=language)
    invite_session(session)

    def started(url: str) -> None:
        if json:
            say_json("assess", url=url, wave=session.wave, respondent=respondent)
        else:
            say(f"The form of {respondent} is at\n  {url}\nKeep this window open; Ctrl-C ends it.")

    serve(environment(session), address, idle_minutes=idle, browser=not no_browser, started=started)
