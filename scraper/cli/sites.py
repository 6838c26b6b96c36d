"""``winnow sites``: try rules for a site before anyone adopts them; learn its template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cleaners.labels import Label
    from scraper.extractors.site.rules import SiteRules
    from scraper.jobs.settings import JobSettings
    from scraper.views.rule_change import Change

app = typer.Typer(
    help="Rules and profiles of single sites.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def sites() -> None:
    """Rules and profiles of single sites."""


@app.command("test")
def try_rules(
    host: Annotated[str, typer.Argument(help="The site, such as news.example.com.")],
    job: Annotated[Path, typer.Option(help="A job's folder.", metavar="DIR")],
    rules: Annotated[
        Path | None, typer.Option(help="The changed rules: a file, or a folder of <host>.toml.")
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(help="One more selector to drop; as label=selector with its label."),
    ] = None,
    keep: Annotated[list[str] | None, typer.Option(help="One more selector to keep.")] = None,
    limit: Annotated[int | None, typer.Option(help="So many pages and no more.", min=1)] = None,
    summary: Annotated[bool, typer.Option("--summary", help="The closing line only.")] = False,
) -> None:
    """Show what changed rules would change in the stored pages of a site.

    Compares with the rules in force: those of the job's folder of rules, or those that come along.
    With none of --rules, --drop, --keep it shows what the rules in force change. Pages are stored
    where a job wrote a web archive ([output] warc), or has read files.
    """
    from itertools import islice

    from scraper.cli.terminal import safe
    from scraper.errors import NothingMatched
    from scraper.extractors.site.rules import rules_for
    from scraper.jobs.recrawl import last_settings
    from scraper.views.rule_change import Trial, changes
    from scraper.views.stored_pages import stored_pages

    host = host.lower().removesuffix(".")
    settings = last_settings(job)
    in_force = rules_for(f"http://{host}/", settings.extract.rules)
    after = _changed(host, in_force, rules, keep or [], [_dropped(it) for it in drop or []])
    before = None if after is in_force else in_force
    if before is None and after is None:
        raise NothingMatched(host, "has no rules; give some with --rules, --drop or --keep")
    trial = Trial(host, before, after, settings.extract.engine, settings.extract.focus)
    seen = changed = words_gone = words_new = lost = won = 0
    for it in islice(changes(stored_pages(job, settings, host), trial), limit):
        seen += 1
        changed += it.is_change
        words_gone += sum(line.words for line in it.goes)
        words_new += sum(line.words for line in it.comes)
        lost += it.lost is not None
        won += it.won is not None
        if it.is_change and not summary:
            for line in _told(it):
                print(safe(line))
            print()
    if not seen:
        raise NothingMatched(host, _none_stored(settings))
    print(
        f"{changed} of {seen} stored pages of {host} change: {words_gone:,} words go, "
        f"{words_new:,} come; {lost} would be no article any more, {won} would become one"
    )


@app.command("learn")
def learn_profile(
    host: Annotated[str, typer.Argument(help="The site, such as news.example.com.")],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|FOLDER]…", help="Saved pages of it, .warc and .warc.gz."),
    ] = None,
    job: Annotated[
        Path | None,
        typer.Option(help="A job's folder, for the pages that it stored.", metavar="DIR"),
    ] = None,
    out: Annotated[
        Path, typer.Option("-o", "--out", help="The folder of profiles to write <host>.json into.")
    ] = Path("profiles"),
    add: Annotated[
        bool, typer.Option("--add", help="Add to the profile that is there, with new pages only.")
    ] = False,
) -> None:
    """Learn which lines a site repeats on page after page.

    They then count for less wherever its pages are read: ``winnow extract --profile DIR``, or
    profiles = "DIR" under [extract] in a job file. A profile holds short hashes, nobody's text.
    """
    from itertools import chain

    from scraper.errors import NothingMatched
    from scraper.extractors.site.profile import LEAST_PAGES
    from scraper.extractors.site.profiles import learn
    from scraper.jobs.recrawl import last_settings
    from scraper.views.stored_pages import saved_pages, stored_pages

    host = host.lower().removesuffix(".")
    stored = stored_pages(job, last_settings(job), host) if job else ()
    profile = learn(host, chain(saved_pages(inputs or [], host), stored), out, add=add)
    if not profile.pages:
        raise NothingMatched(host, "has no page in what was given")
    least = "" if profile.pages >= LEAST_PAGES else f"; {LEAST_PAGES} are needed before it is used"
    print(f"{host}: {len(profile.lines):,} lines of {profile.pages} pages{least}")


def _changed(
    host: str,
    in_force: SiteRules | None,
    rules: Path | None,
    keep: list[str],
    drop: list[tuple[Label, str]],
) -> SiteRules | None:
    """The rules to try."""
    from datetime import date

    from scraper.errors import NothingMatched
    from scraper.extractors.site.rules import SiteRules, extended, read_rules, rules_for

    after = in_force
    if rules is not None and rules.is_dir():
        after = rules_for(f"http://{host}/", rules)
        if after is in_force and not (keep or drop):
            raise NothingMatched(str(rules), f"has no rules for {host}")
    elif rules is not None:
        after = read_rules(rules, host)
    if keep or drop:
        after = extended(after or SiteRules(host, date.today()), keep, drop)
    return after


def _dropped(told: str) -> tuple[Label, str]:
    """A selector, after its label or without one: then it is navigation, as in a rules file."""
    from cleaners.labels import Label

    name, is_there, selector = told.partition("=")
    removing = {it.value: it for it in Label if not it.is_kept}
    if is_there and name.strip() in removing:
        return removing[name.strip()], selector.strip()
    return Label.NAVIGATION, told


def _none_stored(settings: JobSettings) -> str:
    if settings.output.warc is not None:
        return f"has no page in the job's archive {settings.output.warc}, and none in files"
    return (
        "has no stored page: this job wrote no web archive and read no files of that site. "
        'Set warc = "archive/" under [output] and run it again'
    )


def _told(it: Change) -> list[str]:
    lines = [it.url]
    if it.lost:
        lines.append(f"  no article any more: {it.lost}")
    if it.won:
        lines.append(f"  becomes an article; before: {it.won}")
    lines += [f"  {name}: {old or 'none'} -> {new or 'none'}" for name, old, new in it.values]
    lines += [f"  - {_short(line.text)}  [{line.why}]" for line in it.goes]
    lines += [f"  + {_short(line.text)}  [{line.why}]" for line in it.comes]
    return lines


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"
