"""A job file (TOML) to ``JobSettings``; what is wrong in it is said with file, key and remedy."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import orjson
from pydantic import TypeAdapter, ValidationError

from scraper.errors import JobError
from scraper.jobs.settings import JobSettings, SourceSettings
from scraper.jobs.spans import seconds

# The folders and files that a job file names are meant from where the job file is.
_PATHS_OF_SOURCE = ("file", "html", "warc", "pages")


def read_job(path: Path) -> JobSettings:
    """The settings of a job file, its relative paths taken from the file's own folder.

    Raises JobError, which names the file, the key and what was expected.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise JobError(str(path), f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise JobError(str(path), f"is not UTF-8 text: {error.reason} at {error.start}") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise JobError(str(path), f"is not TOML: {error}") from error
    return resolve(parse_job(data, str(path)), path.parent)


def parse_job(data: Mapping[str, Any], where: str) -> JobSettings:
    """The settings in a parsed job file. ``where`` names it in errors."""
    for key, nearest in unknown_keys(data, JobSettings):
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        raise JobError(where, f"unknown key {key!r}{hint}")
    try:
        job = TypeAdapter(JobSettings).validate_json(orjson.dumps(data), strict=True)
    except ValidationError as error:
        raise JobError(where, "; ".join(complaints(error))) from error
    except JobError as error:  # a stage's own settings know their key, not the file
        raise JobError(where, f"key {error.where!r}: {error.detail}") from error
    check(job, where)
    return job


def check(job: JobSettings, where: str) -> None:
    """What types alone cannot say."""
    if job.every:
        try:
            seconds(job.every)
        except JobError as error:
            raise JobError(where, f"key 'every': {error.detail}") from error
    if not job.source:
        raise JobError(where, "key 'source' is empty: give at least one [[source]]")
    for index, source in enumerate(job.source):
        if len(source.given) != 1:
            found = " and ".join(source.given) or "none"
            raise JobError(
                where,
                f"key 'source.{index}' has {found}: expected exactly one of urls, file, stdin, "
                "html, feed, sitemap, site, warc, pages",
            )


def resolve(job: JobSettings, folder: Path) -> JobSettings:
    def from_here(source: SourceSettings) -> SourceSettings:
        paths = {it: getattr(source, it) for it in _PATHS_OF_SOURCE}
        return dataclasses.replace(source, **{k: folder / v for k, v in paths.items() if v})

    rules, profiles, archive = job.extract.rules, job.extract.profiles, job.output.warc
    return dataclasses.replace(
        job,
        out=folder / job.out,
        source=tuple(map(from_here, job.source)),
        extract=dataclasses.replace(
            job.extract,
            rules=folder / rules if rules else None,
            profiles=folder / profiles if profiles else None,
        ),
        output=dataclasses.replace(job.output, warc=folder / archive if archive else None),
    )


def unknown_keys(data: Mapping[str, Any], shape: type, path: str = "") -> Iterator[tuple[str, str]]:
    """Each key that no setting has, as a dotted path, with the known one that is nearest."""
    hints = get_type_hints(shape)
    known = [it.name for it in dataclasses.fields(shape)]
    for key, value in data.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            yield path + key, near[0] if near else ""
            continue
        inner = next((it for it in (hints[key], *get_args(hints[key])) if is_settings(it)), None)
        if inner is None:
            continue
        for index, it in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(it, Mapping):
                place = f"{key}.{index}" if isinstance(value, list) else key
                yield from unknown_keys(it, inner, f"{path}{place}.")


def is_settings(it: object) -> bool:
    return isinstance(it, type) and dataclasses.is_dataclass(it)


def complaints(error: ValidationError) -> Iterator[str]:
    for it in error.errors(include_url=False):
        key = ".".join(map(str, it["loc"]))
        if it["type"] == "missing":
            yield f"key {key!r} is missing"
        else:
            yield f"key {key!r}: {it['msg'].lower()}, found {it['input']!r}"
