"""``render`` and the network: what servers answer, where files come from, what is written where, and no secret told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Cli, box, image_asset, pixels
from tests.make import fault_server, images
from viewer.fetch import client

CANARY = "canary5ecret"
QUERY = f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature={CANARY}&response-content-type={CANARY}"
PICTURE = images.saved(images.marked(64, 48), "PNG")
EXPIRED = f"?X-Amz-Date=20240902T101500Z&X-Amz-Expires=120000&X-Amz-Signature={CANARY}"


@pytest.fixture
def server() -> Iterator[fault_server.FaultServer]:
    with fault_server.serving() as running:
        yield running


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of the network that a test can wait for."""
    fields = {field.name for field in dataclasses.fields(client.Patience)}
    assert {"first_byte_s", "idle_s", "wait_s"} <= fields
    usual = client.Patience
    monkeypatch.setattr(
        client, "Patience", lambda **given: usual(**{"first_byte_s": 0.3, "idle_s": 0.3, "wait_s": 0.01, **given})
    )


ANSWERS: dict[str, tuple[Any, str]] = {
    "refused": (fault_server.status(403), "refused page.png (403)"),
    "gone": (fault_server.status(404), "page.png is gone from the server 127.0.0.1"),
    "the server's fault": (fault_server.status(500), "could not send page.png (500)"),
    "a web page": (fault_server.reply(b"<!DOCTYPE html><html>Sign in</html>", Content_Type="text/html"), "web page"),
    "nothing": (fault_server.reply(b""), "empty"),
    "broken off": (fault_server.hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nabc"), "page.png"),
    "to a metadata service": (
        fault_server.status(302, Location=f"http://169.254.169.254/latest{QUERY}"), "169.254.169.254",
    ),
    "round and round": (fault_server.status(302, Location="/answer"), "page.png"),
    "no HTTP": (b"\x00\x01 nonsense\r\n\r\n", "page.png"),
}  # fmt: skip


@pytest.mark.usefixtures("brisk")
@pytest.mark.parametrize("name", [*ANSWERS, "silence"])
def test_what_servers_answer_instead(cli: Cli, write: Any, server: Any, tmp_path: Path, name: str) -> None:
    answer, part = ANSWERS.get(name) or (server.hang(), "page.png")
    export = write([image_asset(server.answers("/answer", answer) + QUERY)])
    told = cli("render", export, "--asset", 0, "--allow-private-hosts", "-o", tmp_path / "out.png")
    assert part in told.sentence
    assert CANARY not in told.sentence
    assert not (tmp_path / "out.png").exists()
    assert server.requests[0].target.decode() == "/answer" + QUERY


def test_private_hosts_are_asked_only_when_allowed(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    url = server.answers("/page.png", fault_server.reply(PICTURE))
    export = write([image_asset(url + QUERY)])
    told = cli("render", export, "--asset", 0, "-o", tmp_path / "out.png")
    assert "--allow-private-hosts" in told.sentence
    assert server.requests == []
    for host in ("169.254.169.254", "0.0.0.0", "224.0.0.1", "[fe80::1]", "[fd00:ec2::254]"):
        export = write([image_asset(f"http://{host}/page.png{QUERY}")])
        refused = cli("render", export, "--asset", 0, "--allow-private-hosts", "-o", tmp_path / "out.png")
        assert CANARY not in refused.sentence


def test_nobody_at_home(cli: Cli, write: Any, tmp_path: Path) -> None:
    with fault_server.serving() as running:
        dead = running.url("/page.png")
    export = write([image_asset(dead + QUERY)])
    told = cli("render", export, "--asset", 0, "--allow-private-hosts", "-o", tmp_path / "out.png")
    assert "127.0.0.1" in told.sentence
    assert CANARY not in told.sentence


def test_offline_asks_nobody(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([image_asset(server.answers("/page.png", fault_server.reply(PICTURE)) + QUERY)])
    words = ("render", export, "--asset", 0, "--allow-private-hosts", "--native", "-o", tmp_path / "out.png")
    assert "offline" in cli(*words, "--offline").sentence.lower()
    assert server.requests == []
    assert cli(*words).status == 0
    assert len(server.requests) == 1
    (tmp_path / "out.png").unlink()
    assert cli(*words, "--offline").status == cli(*words).status == 0
    assert len(server.requests) == 1
    assert pixels(tmp_path / "out.png").shape == (48, 64, 3)


def test_an_expired_link_is_told_before_anybody_is_asked(cli: Cli, write: Any, tmp_path: Path) -> None:
    export = write([image_asset(f"https://bucket.example.com/p/page.png{EXPIRED}")])
    told = cli("render", export, "--asset", 0, "-o", tmp_path / "out.png")
    assert told.sentence.startswith("The link to page.png expired on 3 Sep 2024")
    assert CANARY not in told.sentence


def test_the_file_in_the_folder_wins(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    """By external id first, then by the base name of the address; the server is not asked."""
    folder = tmp_path / "pictures" / "deep"
    folder.mkdir(parents=True)
    (folder / "page.png").write_bytes(images.saved(images.marked(20, 10), "PNG"))
    (folder / "other name.png").write_bytes(images.saved(images.marked(30, 10), "PNG"))
    url = server.answers("/other%20name.png", fault_server.reply(PICTURE)) + QUERY
    by_name, by_url = image_asset(url), image_asset(url) | {"externalId": "nowhere.png"}
    export = write([by_name | {"metadata": {}}, by_url | {"metadata": {}}])
    for asset, width in ((0, 20), (1, 30)):
        out = tmp_path / f"{asset}.png"
        words = ("--assets-dir", tmp_path / "pictures", "--allow-private-hosts", "--native", "-o", out)
        assert cli("render", export, "--asset", asset, *words).status == 0
        assert pixels(out).shape[1] == width
    assert server.requests == []


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if not path.is_dir()}


def test_everything_kept_lies_in_the_cache_folder(process: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([image_asset(server.answers("/page.png", fault_server.reply(PICTURE)) + QUERY, box(1, 1, 9, 9))])
    cache, home, out = tmp_path / "cache", tmp_path / "home of the process", tmp_path / "out.png"
    told = process(
        "render", export, "--asset", 0, "--allow-private-hosts", "--cache-dir", cache, "-o", out, TMPDIR=str(home)
    )
    assert (told.status, told.out, told.err) == (0, "", "")
    assert files_in(home) == set()
    assert files_in(tmp_path) == files_in(cache) | {export, out}
    kept = files_in(cache)
    assert any(PICTURE in path.read_bytes() for path in kept)
    assert not [path for path in kept if CANARY.encode() in path.read_bytes() or CANARY in str(path)]


@pytest.mark.parametrize("command", ["info", "info --json", "validate", "validate --json"])
def test_nothing_is_asked_of_a_server(cli: Cli, write: Any, server: Any, command: str) -> None:
    url = server.answers("/page.png", fault_server.reply(PICTURE)) + QUERY
    broken = image_asset(url, {"objectId": "o", "what": url}, task={"brushDataUrl": url, "stage": 3}) | {"batches": url}
    words = ["--allow-private-hosts"] if "validate" in command else []
    named = image_asset(url) | {"externalId": url, "dataset": [url, 5, None]}
    told = cli(*command.split(), write([image_asset(url), broken, named]), *words)
    assert told.status == (1 if "validate" in command else 0)
    assert server.requests == []
    assert CANARY not in told.out + told.err


def test_a_name_that_is_a_link_is_found_and_told_without_its_query(cli: Cli, write: Any, tmp_path: Path) -> None:
    url = f"https://bucket.example.com/p/page.png{EXPIRED}"
    export = write([image_asset("page.png"), image_asset("s3://bucket/page.png") | {"externalId": url}])
    told = cli("render", export, "--asset", url, "-o", tmp_path / "out.png")
    assert "private store" in told.sentence
    assert CANARY not in told.sentence
    nobody = cli("render", export, "--asset", url.replace("page", "nobody"), "-o", tmp_path / "out.png")
    assert "No asset is called" in nobody.sentence
    assert CANARY not in nobody.sentence


@pytest.mark.parametrize("scheme", ["ftp", "s3", "gs", "javascript", "data", "blob", "file", "\\\\server\\share"])
def test_addresses_that_are_not_fetched(cli: Cli, write: Any, tmp_path: Path, scheme: str) -> None:
    url = f"{scheme}://bucket/page.png{QUERY}"
    export = write([image_asset(url) | {"externalId": url}])
    told = cli("render", export, "--asset", 0, "-o", tmp_path / "out.png")
    assert CANARY not in told.err
    assert told.status == 2
