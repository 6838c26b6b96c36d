from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError, Reason
from scraper.fetchers.decode import decode

PACK = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@given(st.binary(max_size=5000), st.lists(st.sampled_from(sorted(PACK)), max_size=3))
def test_what_was_packed_is_unpacked(body: bytes, codings: list[str]) -> None:
    packed = body
    for it in codings:
        packed = PACK[it](packed)
    assert decode(packed, ", ".join(codings), 5000, "x") == body


@given(st.binary(max_size=300), st.sampled_from(sorted(PACK)))
def test_no_bytes_end_in_anything_but_a_typed_error(body: bytes, coding: str) -> None:
    with suppress(FetchError):
        assert len(decode(body, coding, 1000, "x")) <= 1000


@given(st.binary(min_size=1, max_size=3000), st.sampled_from(sorted(PACK)), st.data())
def test_nothing_that_broke_off_passes_for_whole(
    body: bytes, coding: str, data: st.DataObject
) -> None:
    packed = PACK[coding](body)
    if coding == "gzip":
        packed = packed[:-8]  # zlib sees the end of the text and not that the checksum is missing
    cut = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(FetchError) as caught:
        decode(packed[:cut], coding, 10_000, "x")
    assert caught.value.reason in {Reason.TRUNCATED, Reason.BAD_ENCODING}


@pytest.mark.parametrize("coding", sorted(PACK))
def test_the_limit_is_exact(coding: str) -> None:
    packed = PACK[coding](b"x" * 100_000)
    assert len(decode(packed, coding, 100_000, "x")) == 100_000
    with pytest.raises(FetchError, match="more than 99999 bytes"):
        decode(packed, coding, 99_999, "x")


@pytest.mark.parametrize("coding", ["", *sorted(PACK)])
def test_a_cut_is_what_there_is_up_to_the_limit(coding: str) -> None:
    packed = PACK.get(coding, bytes)(b"x" * 100_000)
    assert decode(packed, coding, 1000, "x", cut=True) == b"x" * 1000
    assert set(decode(packed[:-9], coding, 200_000, "x", cut=True)) <= {ord("x")}


def test_what_follows_the_last_gzip_member_is_ignored() -> None:
    assert decode(gzip.compress(b"a") + b"\0" * 512 + b"rest", "gzip", 100, "x") == b"a"


def test_a_wide_window_is_refused() -> None:
    """RFC 9659: more than 8 MiB is not for the web."""
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = packed.compress(b"x" * 1000) + packed.flush()
    with pytest.raises(FetchError) as caught:
        decode(body, "zstd", 10_000, "x")
    assert caught.value.reason is Reason.BAD_ENCODING
