"""Takes the screenshots of docs/inspect.md from a demo: ``python docs/screenshots/make.py DIR``.

DIR is the folder that ``winnow demo -o DIR`` left. Needs a Chromium and the extra dev.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
SITE = "www.dailycrossing.example.test"
SAVED = ROOT / "fixtures/sites" / SITE / "world/halden-line-ferries-crack/index.html"
URL = f"http://{SITE}/world/halden-line-ferries-crack/"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def winnow(*arguments: str) -> Path:
    command = [sys.executable, "-m", "scraper", "inspect", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return Path(done.stdout.strip())


def open_a_removed_block(tab: Page) -> None:
    tab.locator(".block.kept ~ details.removed:not(.run) > summary").first.click()
    tab.evaluate("document.querySelector('details.removed[open]').scrollIntoView({block: 'end'})")


def follow_a_passage(tab: Page) -> None:
    tab.locator(".side").scroll_into_view_if_needed()
    tab.evaluate("document.querySelector('.side').scrollIntoView()")
    tab.locator(".copy").first.locator("button[data-thread]").nth(2).click()
    tab.evaluate("document.querySelector('.side').scrollIntoView()")


def stay(tab: Page) -> None:
    tab.evaluate("scrollTo(0, 0)")


def main() -> None:
    results = Path(sys.argv[1]) / "results"
    index = winnow("--job", str(results)).resolve()
    # The story with the most copies is linked first.
    page = winnow(str(SAVED), "--url", URL, "-o", str(index.with_name("page.html")))
    with sync_playwright() as playwright:
        where = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=where, args=FLAGS)
        for width, height, scheme in ((1280, 900, "light"), (390, 844, "dark")):
            size = {"width": width, "height": height}
            context = browser.new_context(viewport=size, color_scheme=scheme)
            tab = context.new_page()
            tab.goto(index.as_uri())
            first = tab.locator("a[href^=cluster]").first.get_attribute("href") or ""
            for name, path, do in (
                ("job", index, stay),
                ("cluster", index.with_name(first), follow_a_passage),
                ("page", page, open_a_removed_block),
            ):
                tab.goto(path.as_uri())
                do(tab)
                tab.wait_for_timeout(400)
                tab.screenshot(path=HERE / f"{name}-{width}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
