"""Kill a running job with SIGKILL at random moments, and count what was lost, torn or doubled.

    python benchmarks/kills.py [--addresses 20000] [--kills 50] [--seed 1]

Serves so many small pages from 20 hosts on loopback, starts ``winnow run`` in a process of its own,
kills it after a random time, starts it again, and lets the last run end by itself. Exits with 1 if
an address has no final state, an article stands twice, or a line of the results cannot be read.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scraper.demo.world import serve
from scraper.jobs.ledger import Ledger
from tests.scraper.jobs.small_site import page

HOSTS = 20
# Seconds that a run has before it is killed: from its imports to well into its work.
SHORTEST, LONGEST = 0.5, 5.0


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addresses", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args(words)
    chance = random.Random(told.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        urls = write_sites(folder / "sites", told.addresses)
        (folder / "list.txt").write_text("\n".join(urls))
        with serve(root=folder / "sites") as world:
            job = folder / "job.toml"
            job.write_text(
                'out = "out"\n[[source]]\nfile = "list.txt"\n'
                "[fetch]\ndelay = 0.0\nper_host = 4\n"
                f'connect_to = {{ "*.example.test" = "127.0.0.1:{world.port}" }}\n'
                "[extract]\nworkers = 2\n[dedup]\nenabled = false\n"
            )
            killed = sum(run(job, chance.uniform(SHORTEST, LONGEST)) for _ in range(told.kills))
            run(job, None)
            asked = Counter((it.host, it.path) for it in world.seen if it.path != "/robots.txt")
        return report(folder / "out", len(urls), killed, sum(it - 1 for it in asked.values()))


def write_sites(root: Path, many: int) -> list[str]:
    urls = []
    for n in range(many):
        host = f"h{n % HOSTS}.example.test"
        (root / host).mkdir(parents=True, exist_ok=True)
        (root / host / f"{n}.html").write_text(page(n), "utf-8")
        urls.append(f"http://{host}/{n}.html")
    return urls


def run(job: Path, seconds: float | None) -> bool:
    """Run the job; kill it after so many seconds. Whether it had to be killed."""
    command = [sys.executable, "-m", "scraper", "run", str(job), "--quiet"]
    with subprocess.Popen(command) as child:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return True
    return False


def report(out: Path, many: int, killed: int, again: int) -> int:
    rows: Counter[str] = Counter()
    torn = 0
    for line in (out / "articles.jsonl").read_text("utf-8").splitlines():
        try:
            rows[json.loads(line)["url"]] += 1
        except json.JSONDecodeError:
            torn += 1
    with Ledger(out) as ledger:
        states = ledger.counts()
    lost = many - sum(states.values()) + states.get(("waiting", None), 0)
    doubled = sum(it - 1 for it in rows.values())
    print(f"{many:,} addresses, killed {killed} times: {dict(states)}")
    print(f"lost {lost}, torn {torn}, doubled {doubled}; asked for again {again}")
    return 1 if lost or torn or doubled or len(rows) != many else 0


if __name__ == "__main__":
    begun = time.monotonic()
    code = main(sys.argv[1:])
    print(f"{time.monotonic() - begun:.0f} s")
    sys.exit(code)
