"""The entry of ``winnow``: the commands, the one place that turns an error into an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated

import typer

from scraper.cli import (
    clean,
    corpus,
    dedup,
    demo,
    discover,
    extract,
    fetch,
    inspect,
    retry,
    robots,
    run,
    sites,
    status,
)
from scraper.cli.exits import Exit, exit_for
from scraper.cli.terminal import tell

app = typer.Typer(
    name="winnow",
    help="Article pages in, a clean corpus out, in which every story stands once.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"winnow {version('winnow-news')}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Article pages in, a clean corpus out, in which every story stands once."""


# In the order in which a newcomer meets them.
for command in (
    demo.demo,
    run.run,
    status.status,
    retry.retry,
    extract.extract,
    inspect.inspect,
    clean.clean,
    dedup.dedup,
    fetch.fetch,
    discover.discover,
    robots.robots,
):
    app.command()(command)
app.add_typer(sites.app, name="sites")
app.add_typer(corpus.app, name="corpus")


def main() -> None:
    """Run the command line; never returns. Tracebacks are shown with ``--debug`` only."""
    debug = "--debug" in sys.argv[1:]
    # ``winnow run job.toml --debug`` is what people type; the option belongs to every command.
    arguments = [it for it in sys.argv[1:] if it != "--debug"]
    try:
        code = app(args=arguments, standalone_mode=False)
    except KeyboardInterrupt:
        tell("interrupted")
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone (``| head``): no error of ours, and nothing to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.DONE)
    except typer.Exit as stop:
        sys.exit(stop.exit_code)
    except Exception as error:  # noqa: BLE001  the top of the program is where errors end
        if debug:
            traceback.print_exc()
        sys.exit(end(error))
    sys.exit(code if isinstance(code, int) else Exit.DONE)


def end(error: Exception) -> int:
    """Say what happened in a line, and give the exit code for it."""
    show = getattr(error, "show", None)  # click's usage errors print themselves
    if callable(show):
        show()
        return int(getattr(error, "exit_code", Exit.USAGE))
    code = exit_for(error)
    what = "internal error: " if code is Exit.INTERNAL else ""
    tell(f"winnow: {what}{error or type(error).__name__}")
    if what:
        tell("This should not happen. Run the command again with --debug for the traceback.")
    return code
