"""Signatures, keys and tokens of links are in no file that the program writes, nor in what it says."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.make import canary
from tests.make.fault_server import FaultServer, hang_up, reply, serving, status
from viewer import log
from viewer.__main__ import main
from viewer.errors import FetchError
from viewer.fetch import Address, Sources
from viewer.fetch.client import Patience

SECRET = "canary+5ecret/0f51gnature"
QUERY = f"?X-Amz-Credential=AKIA%2F{quote(SECRET, safe='')}&X-Amz-Signature={SECRET}&token={SECRET}&sig={SECRET}"


@pytest.mark.parametrize(
    "content",
    [
        SECRET.encode(),
        SECRET.encode("utf-16-le"),
        quote(SECRET, safe="").encode(),
        SECRET.encode().hex().encode(),
        *(base64.b64encode(b"x" * shift + SECRET.encode() + b"yz") for shift in range(3)),
        *(base64.urlsafe_b64encode(b"x" * shift + SECRET.encode() + b"yz") for shift in range(3)),
        b"abc" + gzip.compress(b"in a log: " + SECRET.encode(), mtime=0),
    ],
)
def test_the_search_finds_it(content: bytes) -> None:
    assert canary.holds(b"before " + content + b" after", SECRET)
    assert not canary.holds(b"before and after", SECRET)


def test_the_search_looks_into_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.json", json.dumps({"url": "https://h/a" + QUERY}))
    (tmp_path / "b.txt").write_text("nothing")
    assert canary.files_with(SECRET, tmp_path) == [tmp_path / "a.zip"]


REFUSAL = f"<Code>SignatureDoesNotMatch</Code><SignatureProvided>{SECRET}</SignatureProvided>".encode()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as server:
        server.answers("/good.png", reply(b"pixels", Content_Type="image/png", ETag='"1"'))
        server.answers("/moved.png", status(302, Location="/good.png" + QUERY))
        server.answers("/lost.png", status(302, Location="ftp://h/a" + QUERY))
        server.answers("/refused.png", status(403, REFUSAL))
        server.answers("/cut.mp4", hang_up(reply(b"x" * 400_000, length=800_000, ETag='"1"')))
        server.answers("/nonsense.png", b"\x00 nonsense " + SECRET.encode() + b"\r\n\r\n")
        server.answers("/packed.dcm", reply(gzip.compress(b"pixels", mtime=0)[:-5], Content_Encoding="gzip"))
        yield server


NAMES = ("good.png", "moved.png", "lost.png", "refused.png", "cut.mp4", "nonsense.png", "packed.dcm", "none.png")


def use(server: FaultServer, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Fetch in every way, log all that happens; returns what was said."""
    log.setup(folder / "log", level=logging.DEBUG)
    said = []
    sources = Sources(
        folder / "e.json",
        cache_dir=folder / "cache",
        allow_private_hosts=True,
        patience=Patience(tries=2, wait_s=0.0),
    )
    try:
        for name in NAMES:
            try:
                sources.fetch(Address(url=server.url(f"/{name}") + QUERY, external_id=name))
            except FetchError as error:
                said.append(str(error))
                logging.getLogger("viewer").warning("could not fetch", exc_info=error)
                said.append("".join(traceback.format_exception_only(error)))
        logging.getLogger("viewer").info("a careless line: %s", server.url("/good.png") + QUERY)
    finally:
        sources.close()
    assets = [{"asset": server.url(f"/{n}") + QUERY, "externalId": n, "task": {"tools": []}} for n in NAMES]
    source = folder.parent / "source"
    source.mkdir(exist_ok=True)
    (source / "e.json").write_text(json.dumps(assets))
    options = ["--to", str(folder / "out"), "--cache-dir", str(folder / "cache"), "--allow-private-hosts"]
    assert main(["fetch", str(source / "e.json"), *options]) == 1
    log.shutdown()
    told = capsys.readouterr()
    return "\n".join([*said, told.out, told.err])


def test_no_secret_of_a_link_is_written_or_said(
    server: FaultServer, tmp_path: Path, isolated_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = use(server, tmp_path / "own", capsys)
    assert not canary.holds(said.encode(), SECRET)
    assert canary.files_with(SECRET, tmp_path / "own", isolated_home) == []
    written = {path.name for path in (tmp_path / "own").rglob("*") if path.is_file()}
    assert {"ango-viewer.log", "index.sqlite3", "e.json", "good.png", ".fetched.ndjson"} <= written
    assert list((tmp_path / "own" / "cache" / "parts").glob("*.part")), (
        "one is half fetched: its note was searched, too"
    )


@pytest.mark.leaves_signatures
def test_without_the_filter_the_search_finds_it(
    server: FaultServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "redact", lambda text: text)
    use(server, tmp_path / "own", capsys)
    assert canary.files_with(SECRET, tmp_path / "own") == [tmp_path / "own" / "log" / "ango-viewer.log"]
