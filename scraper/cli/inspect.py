"""``winnow inspect``: pages that show what was removed, what matched, and how a job went."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scraper.page import Page


def inspect(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[PAGE.html|URL|ID|-]",
            help="A saved page, an address, - for stdin; with --job an article's id or address.",
        ),
    ] = None,
    job: Annotated[Path | None, typer.Option(help="A job's folder.", metavar="DIR")] = None,
    cluster: Annotated[
        str | None, typer.Option(help="The id of a cluster, or of one of its copies.", metavar="ID")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", help="The file to write; - is stdout.", metavar="FILE"),
    ] = None,
    open_it: Annotated[
        bool | None,
        typer.Option(
            "--open/--no-open", help="Open it in a browser; as a rule if stdout is a terminal."
        ),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where a saved page came from.")] = None,
    rules: Annotated[
        Path | None, typer.Option(help="A folder of site rules beside ours.", show_default=False)
    ] = None,
) -> None:
    """Write an HTML page that shows what was kept and removed, and why.

    A page or an article: every block with its label, rule, confidence and evidence. With --job
    alone the whole job at a glance, with --cluster the copies of one story side by side. Each file
    stands alone, asks for nothing from the network, and its path is printed.
    """
    import sys

    from scraper.cli.terminal import tell
    from scraper.views import inspection

    if (what is None) == (job is None) and cluster is None and what is None:
        raise typer.BadParameter("a page, an address, or --job DIR", param_hint="'WHAT'")
    if cluster is not None and (job is None or what is not None):
        raise typer.BadParameter("goes with --job DIR and no page", param_hint="'--cluster'")
    if job is not None and what is None and cluster is None:
        if out == "-":
            raise typer.BadParameter("a job's view is several files", param_hint="'--out'")
        path = Path(out) if out else job / "inspect" / inspection.INDEX
        files = inspection.inspect_job(job, path)
        tell(f"{len(files)} files, the overview is {path}")
    else:
        if job is not None and cluster is not None:
            html, name = inspection.inspect_cluster(job, cluster), f"cluster-{cluster}"
        elif job is not None:
            html, name = inspection.inspect_article(job, what or ""), f"article-{what}"
        else:
            html, name = _page(what or "-", url, rules), Path(what or "-").stem
        if out == "-":
            sys.stdout.buffer.write(html.encode("utf-8", "replace"))
            return
        path = Path(out) if out else _place(job, name)
        inspection.write_view(path, html)
    print(path)
    if open_it or (open_it is None and sys.stdout.isatty()):
        import webbrowser

        webbrowser.open(path.absolute().as_uri())


def _page(what: str, url: str | None, rules: Path | None) -> str:
    from scraper.extractors.read import HowToRead
    from scraper.views.inspection import inspect_page

    return inspect_page(_read(what, url), HowToRead(rules=rules))


def _read(what: str, url: str | None) -> Page:
    if what.startswith(("http://", "https://")):
        from scraper.fetchers.fetch import fetch

        return fetch(what)
    if what == "-":
        from scraper.cli.extract_pages import stdin_page

        return stdin_page(url)
    from scraper.fetchers.files import read_file

    return read_file(Path(what), url)


def _place(job: Path | None, name: str) -> Path:
    """In the job's folder, else where temporary files are: a view is made again any time."""
    import re
    import tempfile

    safe = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:100] or "page"
    folder = job / "inspect" if job is not None else Path(tempfile.gettempdir())
    return folder / (f"{safe}.html" if job is not None else f"winnow-inspect-{safe}.html")
