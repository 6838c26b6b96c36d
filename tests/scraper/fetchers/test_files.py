from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from scraper.errors import FetchError, Reason
from scraper.fetchers.files import MOST_BYTES, find_files, read_file


def test_a_folder_gives_its_pages_in_order_and_nothing_else(tmp_path: Path) -> None:
    names = ["b.html", "a.HTM", "c.html.gz", "sub/d.xhtml", "note.txt", "x.html.bak"]
    for it in names:
        (tmp_path / it).parent.mkdir(exist_ok=True)
        (tmp_path / it).write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    found = [str(it.relative_to(tmp_path)) for it in find_files(tmp_path)]
    assert found == ["a.HTM", "b.html", "c.html.gz", "sub/d.xhtml"]


def test_a_file_is_itself_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "saved"
    path.write_bytes(b"<p>x</p>")
    assert list(find_files(path)) == [path]


def test_a_page_is_read_with_its_time_and_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "ü a.html.gz"
    path.write_bytes(gzip.compress(b"<p>x</p>"))
    os.utime(path, (0, 1_000_000_000))
    page = read_file(path)
    assert page.html == b"<p>x</p>"
    assert page.fetched_at.timestamp() == 1_000_000_000
    assert page.url.startswith("file:///")
    assert page.asked == str(path)
    assert read_file(path, "http://a.test/x").url == "http://a.test/x"


@pytest.mark.parametrize("case", ["missing", "folder", "device", "forbidden"])
def test_what_cannot_be_read_is_unreadable(case: str, tmp_path: Path) -> None:
    path = {"missing": tmp_path / "none.html", "folder": tmp_path, "device": Path("/dev/null")}.get(
        case, tmp_path / "forbidden.html"
    )
    if case == "forbidden":
        path.write_text("x")
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("nothing is forbidden to this user")
    with pytest.raises(FetchError) as caught:
        read_file(path)
    assert caught.value.reason is Reason.UNREADABLE


def test_a_folder_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(FetchError) as caught:
        list(find_files(tmp_path / "none"))
    assert caught.value.reason is Reason.UNREADABLE


def test_too_much_is_too_large_packed_or_not(tmp_path: Path) -> None:
    for name, body in (
        ("a.html", b"x" * (MOST_BYTES + 1)),
        ("b.gz", gzip.compress(b"x" * (MOST_BYTES + 1), 1)),
    ):
        (tmp_path / name).write_bytes(body)
        with pytest.raises(FetchError) as caught:
            read_file(tmp_path / name)
        assert caught.value.reason is Reason.TOO_LARGE


def test_broken_gzip_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"x" * 1000)[:-12])
    with pytest.raises(FetchError) as caught:
        read_file(tmp_path / "a.html.gz")
    assert caught.value.reason is Reason.TRUNCATED
