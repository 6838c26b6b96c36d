"""Certificates are looked at, unless somebody says not to."""

from __future__ import annotations

import asyncio
import re
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.http import Fetcher
from scraper.fetchers.settings import FetchSettings
from scraper.page import Page
from tests.scraper.fetchers.site import Answer, Asked, Site, always, page, serving

TRUSTED = trustme.CA()
STRANGER = trustme.CA()


def context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(made)
    return made


def visit(
    certificate: trustme.LeafCert, tmp_path: Path, answer: Answer | None = None, **changes: object
) -> tuple[Page | FetchError, Site]:
    TRUSTED.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    async def go() -> tuple[Page | FetchError, Site]:
        async with serving(answer or always(page()), context(certificate)) as site:
            plain = site.settings(**({"ca_file": str(tmp_path / "ca.pem")} | changes))
            async with Fetcher(plain) as fetcher:
                try:
                    found = await fetcher.fetch("https://safe.test/")
                except FetchError as error:
                    return error, site
                assert isinstance(found, Page)
                return found, site

    return asyncio.run(go())


def test_a_good_certificate_is_good(tmp_path: Path) -> None:
    found, site = visit(TRUSTED.issue_cert("safe.test"), tmp_path)
    assert isinstance(found, Page)
    assert site.asked[0].host == "safe.test"


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (STRANGER.issue_cert("safe.test"), "unable to get local issuer|self.signed"),
        (TRUSTED.issue_cert("safe.test", not_after=datetime(2020, 1, 1, tzinfo=UTC)), "expired"),
        (TRUSTED.issue_cert("other.test"), "not valid for 'safe.test'|mismatch"),
    ],
    ids=["stranger", "expired", "wrong host"],
)
def test_a_bad_certificate_is_a_failure_unless_insecure(
    certificate: trustme.LeafCert, why: str, tmp_path: Path
) -> None:
    error, site = visit(certificate, tmp_path)
    assert isinstance(error, FetchError)
    assert error.reason is Reason.TLS
    assert re.search(why, error.detail)
    assert not site.asked
    found, _ = visit(certificate, tmp_path, insecure=True, ca_file="")
    assert isinstance(found, Page)


def test_a_server_that_speaks_no_tls_is_a_tls_failure(tmp_path: Path) -> None:
    async def go() -> FetchError:
        async with serving(always(page())) as site, Fetcher(site.settings(deadline=0.5)) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch("https://safe.test/")
            return caught.value

    assert asyncio.run(go()).reason in {Reason.TLS, Reason.DEADLINE}


def test_certificates_that_are_not_there_are_a_bad_job(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"fetch\.ca_file"):
        Fetcher(FetchSettings(ca_file=str(tmp_path / "none.pem")))
    (tmp_path / "bad.pem").write_text("no certificate")
    with pytest.raises(JobError, match=r"fetch\.ca_file"):
        Fetcher(FetchSettings(ca_file=str(tmp_path / "bad.pem")))


def test_a_body_of_many_records_comes_whole(tmp_path: Path) -> None:
    body = bytes(range(256)) * 20_000
    found, _ = visit(TRUSTED.issue_cert("safe.test"), tmp_path, always(page(body)))
    assert isinstance(found, Page)
    assert found.html == body


def test_the_address_is_checked_before_the_handshake(tmp_path: Path) -> None:
    error, site = visit(TRUSTED.issue_cert("safe.test"), tmp_path, connect_to={})
    assert isinstance(error, FetchError)
    assert error.reason is Reason.DNS
    assert site.connections == 0


def test_a_redirect_from_https_to_http_carries_nothing_private(tmp_path: Path) -> None:
    async def plain_answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(page())

    async def go() -> Site:
        async with serving(plain_answer) as plain:
            location = f"http://safe.test:{plain.port}/"

            async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
                writer.write(page(b"", "302 Found", Location=location, Set_Cookie="a=1; Secure"))

            certificate = context(TRUSTED.issue_cert("safe.test"))
            async with serving(answer, certificate) as site:
                to = {
                    f"safe.test:{plain.port}": f"127.0.0.1:{plain.port}",
                    "safe.test": f"127.0.0.1:{site.port}",
                }
                TRUSTED.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
                settings = site.settings(
                    connect_to=to,
                    ca_file=str(tmp_path / "ca.pem"),
                    headers={"Authorization": "Bearer t"},
                )
                async with Fetcher(settings) as fetcher:
                    await fetcher.fetch("https://safe.test/")
                assert "authorization" in site.asked[0].headers
                return plain

    asked = asyncio.run(go()).asked[0]
    assert not {"authorization", "cookie"} & set(asked.headers)
