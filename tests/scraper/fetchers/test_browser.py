"""A page that is nothing without its scripts, in a real Chromium where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.browser import Browser, RenderSettings, find_browser
from scraper.fetchers.http import Fetcher
from scraper.fetchers.polite import Polite
from scraper.page import Page
from tests.scraper.fetchers.site import Asked, Site, by_target, page, serving, to

pytest.importorskip("playwright")
try:
    find_browser()
except JobError:
    pytest.skip("no Chromium on this machine", allow_module_level=True)

SHELL = b"""<!doctype html><div id=root></div><script>
fetch("/story.json").then(it => it.json()).then(it => { root.textContent = it.text });
</script>"""
STORY = page(b'{"text": "The harbor reopened."}', Content_Type="application/json")


class Rendering:
    """One server and one browser for all tests: a browser takes seconds to start."""

    def __init__(self, runner: asyncio.Runner, site: Site, browser: Browser) -> None:
        self.runner, self.site, self.browser = runner, site, browser
        self.answers: dict[str, bytes] = {}

    async def answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        await by_target(self.answers)(asked, writer)

    def __call__(self, answers: dict[str, bytes], **changes: object) -> Page | FetchError:
        self.answers = answers
        self.site.asked.clear()
        self.browser.settings = RenderSettings(**changes)  # type: ignore[arg-type]
        return self.runner.run(self._fetch())

    @property
    def asked(self) -> list[str]:
        """What was asked for, but for robots.txt, which is kept from one test to the next."""
        return [it.target for it in self.site.asked if it.target != "/robots.txt"]

    async def _fetch(self) -> Page | FetchError:
        try:
            return await self.browser.fetch("http://app.test/")
        except FetchError as error:
            return error


@pytest.fixture(scope="module")
def render() -> Iterator[Rendering]:
    async def opened(stack: AsyncExitStack) -> Rendering:
        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
            await found.answer(asked, writer)

        site = await stack.enter_async_context(serving(answer))
        fetcher = await stack.enter_async_context(Fetcher(site.settings()))
        polite = Polite(fetcher, site.settings(robots=True))
        browser = await stack.enter_async_context(Browser(polite))
        found = Rendering(runner, site, browser)
        return found

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(opened(stack))
        runner.run(stack.aclose())


def test_what_the_scripts_bring_is_on_the_page(render: Rendering) -> None:
    found = render({"/": page(SHELL), "/story.json": STORY})
    assert isinstance(found, Page)
    assert b"The harbor reopened." in found.html
    assert (found.url, found.status) == ("http://app.test/", 200)
    assert render.asked == ["/", "/story.json"]


def test_a_redirect_is_followed_first(render: Rendering) -> None:
    found = render({"/": to("http://www.app.test/new"), "/new": page(SHELL), "/story.json": STORY})
    assert isinstance(found, Page)
    assert found.url == "http://www.app.test/new"
    assert b"The harbor reopened." in found.html


def test_nothing_gets_inside_or_out_by_another_way(render: Rendering) -> None:
    async def inner() -> tuple[Page | FetchError, Site]:
        async with serving(by_target({"/": page()})) as inside:
            render.answers = {"/": page(shell(inside.port)), "/post": page()}
            return await render._fetch(), inside

    render({})
    render.site.asked.clear()
    found, inside = render.runner.run(inner())
    assert isinstance(found, Page)
    assert b"rejected rejected rejected rejected rejected rejected" in found.html
    assert inside.connections == 0
    assert render.asked == ["/"]


def shell(port: int) -> bytes:
    """A page that tries whatever a page can try to reach another server."""
    inside = f"127.0.0.1:{port}"
    return f"""<!doctype html><p id=said></p><img src="http://{inside}/i.png">
    <link rel=preconnect href="http://{inside}/"><link rel=stylesheet href="http://{inside}/s.css">
    <iframe src="http://{inside}/frame"></iframe><script>
    const opened = it => new Promise((ok, no) => {{ it.onopen = ok; it.onclose = no; it.onerror = no; }});
    const tries = [
      fetch("http://{inside}/"), fetch("http://localhost:{port}/"), fetch("http://[::1]:{port}/"),
      fetch("/post", {{method: "POST", body: "x"}}),
      opened(new WebSocket("ws://{inside}/")), opened(new EventSource("http://{inside}/")),
    ];
    navigator.sendBeacon("http://{inside}/beacon", "x");
    Promise.allSettled(tries).then(all => {{ said.textContent = all.map(it => it.status).join(" ") }});
    </script>""".encode()


def test_a_page_that_grows_without_end_is_too_large(render: Rendering) -> None:
    script = b"<script>document.body.append('x'.repeat(100000))</script>"
    found = render({"/": page(b"<body>" + script)}, max_bytes=50_000)
    assert isinstance(found, FetchError)
    assert found.reason is Reason.TOO_LARGE


def test_a_page_that_never_stops_asking_is_taken_as_it_is(render: Rendering) -> None:
    script = b"<body>Here<script>setInterval(() => fetch('/tick'), 50)</script>"
    found = render({"/": page(script), "/tick": page()}, patience=1.0, most_requests=10)
    assert isinstance(found, Page)
    assert b"Here" in found.html
    assert len(render.asked) <= 11


def test_a_script_without_end_ends_at_the_deadline_and_the_next_page_is_rendered(
    render: Rendering,
) -> None:
    found = render({"/": page(b"<script>while (true) {}</script>")}, deadline=1.5)
    assert isinstance(found, FetchError)
    assert found.reason is Reason.DEADLINE
    assert isinstance(render({"/": page(SHELL), "/story.json": STORY}), Page)


def test_what_cannot_be_had_needs_no_browser(render: Rendering) -> None:
    found = render({})
    assert isinstance(found, FetchError)
    assert found.status == 404


def test_the_parts_of_a_page_keep_to_robots_txt_and_wait_with_their_host(render: Rendering) -> None:
    """The page's own host lets everything, another one forbids its story, a third is busy."""
    shell = b"""<!doctype html><div id=root></div><script>
    const tries = ["http://closed.test/no.json", "http://closed.test/yes.json",
                   "http://busy.test/1", "http://busy.test/2"];
    (async () => { for (const it of tries) {
      await fetch(it, {mode: "no-cors"}).then(() => root.append("got "), () => root.append("no "));
    } })();
    </script>"""
    robots = page(b"User-agent: *\nDisallow: /no.json", Content_Type="text/plain")

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        closed = asked.target == "/robots.txt" and asked.host == "closed.test"
        busy = page(status="503 Busy", Retry_After="60")
        answers = {"/": page(shell), "/yes.json": page(), "/1": busy, "/2": page()}
        writer.write(robots if closed else answers.get(asked.target, page(status="404 No")))

    render.answer = answer  # type: ignore[method-assign]
    found = render({})
    assert isinstance(found, Page)
    assert b"no got no no" in found.html
    assert render.asked == ["/", "/yes.json", "/1"]
