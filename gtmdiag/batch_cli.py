"""The commands on all clients of a folder. Heavy imports happen inside them, so that help answers at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from gtmdiag import clock
from gtmdiag.assess_cli import Json
from gtmdiag.errors import UsageError
from gtmdiag.terminal import Steps, say, say_json, say_problems

Formats = Annotated[str, typer.Option(help="Formats, joined by commas: html, pdf, deck, pptx, xlsx.")]
Engine = Annotated[str, typer.Option(help="What runs notebooks: warm, or stock, papermill's own and slower.")]
Root = Annotated[Path, typer.Argument(metavar="ROOT", help="The folder that holds the clients' folders.")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog="Example: gtmdiag batch clients --to html,pdf,deck --timeout 600")(batch)
    app.command(epilog="Example: gtmdiag portfolio clients --hide-names")(portfolio)
    app.command(epilog="Example: gtmdiag verify clients --json")(verify)


def batch(
    root: Root,
    to: Formats = "html,pdf",
    wave: Annotated[str, typer.Option(help="A wave of answers; by default each client's last.")] = "",
    only: Annotated[list[str] | None, typer.Option(help="Only this client, by id or folder; repeatable.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Clients at a time; by default one a processor, or thread of the cluster.", show_default=False
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Render at most so many clients.", show_default=False)
    ] = None,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds that a client may take; 0 is no limit.")] = 0,
    memory: Annotated[int, typer.Option(min=0, help="MiB a process may address, 4000 at least; 0 is no limit.")] = 0,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Begin no further client after a failure.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Render unchanged clients too.")] = False,
    engine: Engine = "warm",
    dask: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Render on this Dask cluster, tcp://… or tls://…, and nowhere else.")
    ] = "",
    dask_root: Annotated[
        Path | None, typer.Option(metavar="PATH", help="ROOT as the cluster's workers see it, if elsewhere.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line, as clients end.")] = False,
) -> None:
    """Make the reports of all clients under ROOT. One that fails stops no other; unchanged ones are skipped.

    A batch that was stopped, or killed, goes on where it was when it is run again. With --dask, the cluster's workers
    must see ROOT in a folder that is shared; client data goes to that cluster and nowhere else.
    """
    from gtmdiag.batch_view import BatchLines, BatchView, say_outcomes
    from gtmdiag.publish.batch import alone, plan, processors, render_all
    from gtmdiag.publish.memory import require_memory
    from gtmdiag.publish.pool import processes
    from gtmdiag.publish.task import Options
    from gtmdiag.publish.worker import Limits

    begun = time.monotonic()
    require_memory(memory)
    if dask_root is not None and not dask:
        raise UsageError("--dask-root says how workers of a cluster see ROOT. Name the cluster too: --dask ADDRESS.")
    settings = Options(parted(to), clock.today(), wave, engine)
    with alone(root):
        todo = plan(root, settings, only=only or (), force=force, limit=limit)
        with BatchLines(root, todo) if json else BatchView(todo) as view:
            limits = Limits(timeout, memory)
            if dask:
                from gtmdiag.publish.cluster import cluster

                crew = cluster(dask, root, settings, jobs, limits, seen_as=dask_root)
            else:
                crew = processes(settings, jobs or processors(), limits)
            outcomes = render_all(todo, crew, view, fail_fast=fail_fast)
    if not json:
        say_outcomes(outcomes, todo.passed_over, time.monotonic() - begun)
    if any(outcome.state == "failed" for outcome in outcomes):
        raise typer.Exit(1)


def portfolio(
    root: Root,
    to: Formats = "html,pdf,xlsx",
    minimum: Annotated[int, typer.Option(min=3, help="Tell nothing about a group of fewer clients.")] = 5,
    hide_names: Annotated[bool, typer.Option("--hide-names", help="Write codes instead of names.")] = False,
    engine: Engine = "warm",
    json: Json = False,
) -> None:
    """Set all clients under ROOT side by side, from the results of their last reports, in ROOT/portfolio."""
    with Steps(silent=json) as steps:
        steps("Starting", 0, 0)
        from gtmdiag.portfolio_view import portfolio_json, portfolio_lines
        from gtmdiag.publish.portfolio import make_portfolio

        made = make_portfolio(
            root,
            formats=parted(to),
            minimum=minimum,
            hide_names=hide_names,
            today=clock.today(),
            engine=engine,
            progress=steps,
        )
    if json:
        say_json("portfolio", **portfolio_json(made))
    else:
        for line in portfolio_lines(made):
            say(line)
        if made.read.problems:
            say_problems(made.read.problems, error=True)
    if made.read.problems:
        raise typer.Exit(1)


def verify(
    root: Annotated[Path, typer.Argument(metavar="ROOT", help="The folder of all clients, or one client's.")],
    json: Json = False,
) -> None:
    """Tell which outputs were edited or are missing, and which reports' inputs have changed. Renders nothing.

    The portfolio is told of last.
    """
    with Steps(silent=json) as steps:
        steps("Starting", 0, 0)
        from gtmdiag.publish.skip import this_suite
        from gtmdiag.publish.verify import verify_all
        from gtmdiag.publish.verify_portfolio import verify_portfolio
        from gtmdiag.verify_view import verified_lines

        suite = this_suite()
        clients, made = verify_all(root, suite, steps), verify_portfolio(root, suite)
    if json:
        say_json("verify", clients=clients, portfolio=made)
    else:
        for line in verified_lines(clients, made):
            say(line)
    if any(one.deviations or one.problem for one in (*clients, *([made] if made else ()))):
        raise typer.Exit(1)


def parted(formats: str) -> tuple[str, ...]:
    """Return formats that are joined by commas."""
    return tuple(part.strip() for part in formats.split(",") if part.strip())
