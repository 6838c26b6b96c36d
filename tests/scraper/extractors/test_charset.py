"""Which characters the bytes of a page mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extractors.charset import as_utf8

RUSSIAN = "Вчера в городе шёл дождь, и река поднялась на полметра к полудню. "


@pytest.mark.parametrize(
    ("raw", "header", "wanted"),
    [
        (RUSSIAN.encode(), None, "utf-8"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), "text/html; charset=cp1251", "utf-8"),
        (b"\xff\xfe" + RUSSIAN.encode("utf-16-le"), None, "utf-16-le"),
        (b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), None, "cp1251"),
        (RUSSIAN.encode("koi8-r"), "text/html; charset=KOI8-R", "koi8-r"),
        (b"<meta charset=koi8-r>" + RUSSIAN.encode("cp1251"), "text/html; charset=cp1251", "cp1251"),
        (b"<meta charset=iso-8859-1>" + RUSSIAN.encode(), "text/html; charset=latin1", "utf-8"),
        ((RUSSIAN * 20).encode("cp1251"), None, "cp1251"),
        (b'<?xml version="1.0" encoding="gb2312"?>' + "今天下雨了。".encode("gb18030"), None, "gb18030"),
        (b"<meta charset=shift_jis>" + "雨が降った。".encode("cp932"), None, "cp932"),
        (b"<meta charset=iso-2022-jp>" + "雨が降った。".encode("iso2022_jp"), None, "iso2022_jp"),
    ],
)  # fmt: skip
def test_the_order_of_what_is_believed(raw: bytes, header: str | None, wanted: str) -> None:
    utf8, encoding = as_utf8(raw, header)
    assert encoding == wanted
    text = utf8.decode()
    assert "\ufffd" not in text
    assert any(it in text for it in ("дождь", "下雨", "雨が降った"))


@pytest.mark.parametrize(
    "label", ["base64", "rot13", "zlib", "utf-7", "idna", "nonsense", "\u00e9", "undefined"]
)
def test_a_label_that_reads_no_text_is_passed_over(label: str) -> None:
    raw = b"<meta charset=" + label.encode("latin-1") + b">caf\xe9 au lait"
    assert b"caf" in as_utf8(raw, f"text/html; charset={label}")[0]


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=30)))
def test_no_bytes_are_too_strange(raw: bytes, header: str | None) -> None:
    utf8, encoding = as_utf8(raw, header)
    assert isinstance(utf8, bytes)
    assert encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Der Fluß stieg über die Ufer, sagte der Bürgermeister, „für lange Zeit“. ", "cp1252"),
        ("Река поднялась за ночь на полметра, сообщил в пятницу мэр города. ", "cp1251"),
        ("川の水位は一晩で五十センチ上がったと、市長が金曜日に述べた。", "cp932"),
    ],
)
def test_a_page_that_says_utf_8_and_is_not_is_read_as_what_it_is(text: str, encoding: str) -> None:
    page = f"<html><head><meta charset=utf-8></head><body><p>{text * 6}</p>".encode(encoding)
    read, _ = as_utf8(page)
    assert text.strip() in read.decode("utf-8")
    assert as_utf8(page, "text/html; charset=utf-8")[0] == read


def test_a_few_wrong_bytes_do_not_make_a_page_another_encoding_s() -> None:
    page = "<meta charset=utf-8><p>Der Fluß stieg über die Ufer</p>".encode() + b"<p>caf\xe9</p>"
    assert as_utf8(page) == (page, "utf-8")
