"""Takes the content encoding off a body without ever holding more than was allowed.

A few hundred bytes can stand for gigabytes. Every layer hands on small pieces, and the sum is
counted at the end of the pipe and between the layers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import brotli
import zstandard

from scraper.errors import FetchError, Reason

PIECE = 1 << 16  # bytes that one step may put out
MOST_LAYERS = 3  # Nobody sends more than two in earnest.
# RFC 9659: a zstd window over the web is at most 8 MiB.
_ZSTD_WINDOW = 8 << 20
_ZSTD_INPUT = 128  # bytes, for at most 4 MiB in one step


class _BadError(Exception):
    """The bytes are not what their encoding promises."""


class _LargeError(Exception):
    """A layer has put out more than was allowed."""


class _ShortError(Exception):
    """The bytes end before their encoding says that they do."""


def decode(body: bytes, encodings: str, most: int, where: str, *, cut: bool = False) -> bytes:
    """``body`` without the layers that a Content-Encoding header names.

    Raises ``FetchError``: too_large as soon as a layer has put out more than ``most`` bytes,
    truncated for a stream without its end, bad_encoding for one that is broken or not known.
    With ``cut`` the first two are no errors, and what there is up to there is the result.
    """
    return b"".join(decoded(body, encodings, most, where, cut=cut))


def decoded(
    body: bytes, encodings: str, most: int, where: str, *, cut: bool = False
) -> Iterator[bytes]:
    """``decode`` piece by piece, for whoever has other things to do in between."""
    layers = [it.strip().lower() for it in encodings.split(",") if it.strip()]
    layers = [it for it in layers if it != "identity"]
    if not layers or not body:
        if len(body) > most and not cut:
            raise FetchError(where, Reason.TOO_LARGE, f"more than {most} bytes")
        yield body[:most]
        return
    if len(layers) > MOST_LAYERS:
        raise FetchError(where, Reason.BAD_ENCODING, f"{len(layers)} content encodings in a row")
    pipe: Iterable[bytes] = (body,)
    for name in reversed(layers):
        if name not in _LAYERS:
            raise FetchError(where, Reason.BAD_ENCODING, f"unknown content encoding {name[:40]!r}")
        pipe = _counted(_LAYERS[name](pipe), most)
    try:
        yield from pipe
    except _BadError as error:
        raise FetchError(where, Reason.BAD_ENCODING, f"not {encodings[:40]}: {error}") from error
    except _ShortError as error:
        if not cut:
            raise FetchError(where, Reason.TRUNCATED, f"{encodings[:40]} ends early") from error
    except _LargeError as error:
        if not cut:
            detail = f"decodes to more than {most} bytes"
            raise FetchError(where, Reason.TOO_LARGE, detail) from error


def _counted(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    left = most
    for piece in pieces:
        if len(piece) > left:
            yield piece[:left]
            raise _LargeError
        left -= len(piece)
        yield piece


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Any number of gzip members (RFC 1952); what follows the last one is ignored, as zlib does."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    done = 0
    for piece in pieces:
        data = piece
        while data:
            try:
                out = member.decompress(data, PIECE)
            except zlib.error as error:
                if done:
                    return
                raise _BadError(error) from error
            if out:
                yield out
            data = member.unconsumed_tail
            if member.eof:
                done += 1
                data = member.unused_data.lstrip(b"\0")
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    yield from _rest(member, done > 0)


def _rest(stream: zlib._Decompress, had_an_end: bool) -> Iterator[bytes]:
    """What zlib still holds back."""
    while not stream.eof:
        out = stream.decompress(stream.unconsumed_tail, PIECE)
        if not out:
            break
        yield out
    if not stream.eof and not had_an_end:
        raise _ShortError


def _deflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """With the zlib wrapper that RFC 9110 asks for, or without: servers send both."""
    stream = None
    for piece in pieces:
        if stream is None:
            wrapped = piece[0] & 0x0F == 8 and int.from_bytes(piece[:2], "big") % 31 == 0
            stream = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        data = piece
        while data and not stream.eof:
            try:
                out = stream.decompress(data, PIECE)
            except zlib.error as error:
                raise _BadError(error) from error
            if out:
                yield out
            data = stream.unconsumed_tail
    if stream is not None:
        yield from _rest(stream, False)


def _brotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    for piece in pieces:
        try:
            out = stream.process(piece, output_buffer_limit=PIECE)
            while out or not stream.can_accept_more_data():
                yield out
                out = stream.process(b"", output_buffer_limit=PIECE)
        except brotli.error as error:
            raise _BadError(error) from error
    if not stream.is_finished():
        raise _ShortError


def _zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Any number of frames (RFC 8878), a few bytes at a time.

    zstandard puts out all that its input stands for. Four bytes can stand for a block of 128 KiB,
    so a small input is what bounds the output.
    """
    context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame = context.decompressobj()
    begun = False
    for piece in pieces:
        for at in range(0, len(piece), _ZSTD_INPUT):
            data = piece[at : at + _ZSTD_INPUT]
            while data:
                begun = True
                try:
                    out = frame.decompress(data)
                except zstandard.ZstdError as error:
                    raise _BadError(error) from error
                if out:
                    yield out
                data = b""
                if frame.eof:
                    data = frame.unused_data
                    frame, begun = context.decompressobj(), False
    if begun:
        raise _ShortError


_LAYERS: Mapping[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = MappingProxyType(
    {
        "gzip": _gzip,
        "x-gzip": _gzip,
        "deflate": _deflate,
        "br": _brotli,
        "zstd": _zstd,
    }
)
ACCEPTED = "gzip, deflate, br, zstd"
