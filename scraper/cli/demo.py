"""``winnow demo``: a small world of news sites on this machine, and a job that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the job file and the results.")
    ] = Path("winnow-demo"),
    serve_only: Annotated[
        bool, typer.Option("--serve-only", help="Write the job file and serve until Ctrl-C.")
    ] = False,
    port: Annotated[
        int, typer.Option(help="Port of the demo's server; 0 takes a free one.", min=0, max=65535)
    ] = 0,
) -> None:
    """Run a first job, without the internet, against news sites served from this machine.

    The job file that it writes is one to copy from.
    """
    from contextlib import ExitStack

    from scraper.cli.progress import finish, show, watching
    from scraper.cli.terminal import tell
    from scraper.demo.job import write_job
    from scraper.demo.world import serve
    from scraper.jobs.job_file import read_job
    from scraper.jobs.run import Ending, run

    with ExitStack() as stack:
        try:
            world = stack.enter_context(serve(port))
        except OSError as error:
            raise typer.BadParameter(f"cannot serve on port {port}: {error}") from error
        job = write_job(out, world)
        tell(f"{len(world.hosts)} news sites are served on 127.0.0.1:{world.port}")
        if serve_only:
            wait_for_ctrl_c(f"In another terminal: winnow run {job}. Ctrl-C ends this.")
            return
        settings = read_job(job)
        with watching(quiet=False, log=None) as watcher:
            outcome = run(settings, watcher)
    if outcome.ending is not Ending.DONE:
        finish(outcome, settings, quiet=False)
        return
    # Some of the demo's pages fail on purpose: that is no failure of the demo.
    show(outcome.report)
    for line in (*examples(settings.out), *closing(job, settings.out)):
        tell(line)


def wait_for_ctrl_c(message: str) -> None:
    import threading

    from scraper.cli.terminal import tell

    try:
        tell(message)
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def examples(out: Path) -> list[str]:
    """The largest cluster of copies, one line for each: how alike it is, where it stood."""
    import json
    from urllib.parse import urlsplit

    clusters = [json.loads(it) for it in (out / "clusters.jsonl").read_text("utf-8").splitlines()]
    if not clusters:
        return []
    largest = max(clusters, key=lambda it: len(it["members"]))
    rows = (json.loads(it) for it in (out / "articles.jsonl").read_text("utf-8").splitlines())
    copies = [it for it in rows if it["cluster"] == largest["cluster"]]
    copies.sort(key=lambda it: (not it["keep"], -(it["likeness"] or 0)))
    lines = [f"One story on {len(copies)} pages; kept is the first ({largest['why']}):"]
    for it in copies:
        how = "kept" if it["keep"] else f"{it['match']} {it['likeness']:.2f}"
        lines.append(
            f"  {how:<14}  {urlsplit(it['url']).hostname:<32.32}  {it['title'] or ''}"[:100]
        )
    return [*lines, ""]


def closing(job: Path, out: Path) -> list[str]:
    """Where everything is, and what to try next."""
    return [
        f"Articles: {out / 'articles.jsonl'} and {out / 'articles.sqlite'}",
        f"Job file: {job}, to copy from",
        "",
        "Try next:",
        f"  winnow status {out}",
        f"  winnow dedup {out / 'articles.jsonl'} -o {out.parent / 'copies'}",
        f"  winnow demo --serve-only -o {job.parent}",
    ]
