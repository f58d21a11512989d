"""``fetch``: what is in a bundle, what is told of what is not, and that a rerun only adds to it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Cli, box, image_asset
from tests.make import fault_server, images
from tests.make.swift_server import Swift
from viewer.fetch import client

CANARY = "canary5ecret"
QUERY = f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature={CANARY}"
PICTURE = images.saved(images.marked(64, 48), "PNG")
ALLOW = "--allow-private-hosts"


@pytest.fixture
def server() -> Iterator[fault_server.FaultServer]:
    with fault_server.serving() as running:
        yield running


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of the network that a test can wait for."""
    usual = client.Patience
    monkeypatch.setattr(
        client, "Patience", lambda **given: usual(**{"first_byte_s": 0.3, "idle_s": 0.3, "wait_s": 0.01, **given})
    )


def asset(server: Any, name: str, content: bytes = PICTURE, **more: Any) -> dict[str, Any]:
    """An asset whose picture the server has."""
    url = server.answers(f"/p/{name}", fault_server.reply(content)) + QUERY
    return image_asset(url, box(4, 5, 20, 10), **{"assetId": f"id-{name}", **more}) | {"externalId": f"lot/{name}"}


def written(folder: Path) -> dict[str, bytes]:
    """All files of a bundle but the ledger."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".fetched.ndjson"
    }


def test_a_bundle_is_the_export_with_other_addresses_and_its_files(
    cli: Cli, write: Any, server: Any, tmp_path: Path
) -> None:
    brush = server.answers("/brushes/9.png", fault_server.reply(b"mask")) + QUERY
    one = asset(server, "one.png", task={"brushDataUrl": brush, "stageHistory": [{"brushDataUrl": brush, "tools": []}]})
    two = asset(server, "two.png", b"second")
    many = image_asset(two["asset"]) | {"externalId": "ct", "dataset": [
        server.answers(f"/ct/{k}.dcm", fault_server.reply(b"slice %d" % k)) + QUERY for k in range(2)
    ]}  # fmt: skip
    text = image_asset("Two lines\nof words") | {"externalId": "text"}
    words = image_asset("Only words") | {"externalId": "note.txt"}
    export = write(json.dumps([one, two, many, text, words], indent=2, ensure_ascii=False) + "\n")
    before = export.read_text()
    told = cli("fetch", export, "--to", tmp_path / "out", ALLOW)
    assert (told.status, told.err) == (0, "")
    assert told.out.splitlines()[-1].startswith("5 files, ")
    files = written(tmp_path / "out")
    copy = files.pop("export.json").decode()
    assert files == {
        "assets/lot/one.png": PICTURE,
        "assets/lot/one.brush.png": b"mask",
        "assets/lot/two.png": b"second",
        "assets/ct/1.dcm": b"slice 0",
        "assets/ct/2.dcm": b"slice 1",
    }
    urls = {one["asset"]: "assets/lot/one.png", brush: "assets/lot/one.brush.png", two["asset"]: "assets/lot/two.png"}
    urls |= {url: f"assets/ct/{k}.dcm" for k, url in enumerate(many["dataset"], 1)}
    for url, name in urls.items():
        before = before.replace(f'"{url}"', f'"{name}"')
    assert copy == before
    assert CANARY not in copy


def test_the_bundle_opens_without_the_network(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([asset(server, "one.png")])
    direct = cli("render", export, "--asset", 0, ALLOW, "-o", tmp_path / "direct.png")
    assert direct.status == 0, direct.err
    assert cli("fetch", export, "--to", tmp_path / "out", ALLOW).status == 0
    server.close()
    options = ("--offline", "--cache-dir", tmp_path / "another cache")
    assert cli("render", tmp_path / "out", "--asset", 0, *options, "-o", tmp_path / "bundle.png").status == 0
    assert (tmp_path / "bundle.png").read_bytes() == (tmp_path / "direct.png").read_bytes()
    assert cli("info", tmp_path / "out", "--json").json["assets"] == cli("info", export, "--json").json["assets"]
    assert cli("validate", tmp_path / "out").status == cli("validate", export).status
    assert cli("diff", tmp_path / "out", "--against", export).json == {"changes": [], "problems": []}


def test_a_zip_is_written_unpacked(cli: Cli, server: Any, tmp_path: Path) -> None:
    content = json.dumps([asset(server, "one.png")])
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my export.json", content)
    assert cli("fetch", tmp_path / "export.zip", "--to", tmp_path / "out", ALLOW).status == 0
    files = written(tmp_path / "out")
    url = f"{server.url('/p/one.png')}{QUERY}"
    assert files["my export.json"].decode() == content.replace(url, "assets/lot/one.png")


def test_what_fails_is_named_and_keeps_its_address_without_the_query(
    cli: Cli, write: Any, server: Any, tmp_path: Path
) -> None:
    ended = "?X-Amz-Date=20240902T101500Z&X-Amz-Expires=120000&X-Amz-Signature=" + CANARY
    one, old, gone = asset(server, "one.png"), asset(server, "old.png"), asset(server, "gone.png")
    old["asset"] = server.url("/p/old.png") + ended
    server.answers("/p/gone.png", fault_server.status(404))
    store = image_asset("s3://bucket/a.png") | {"externalId": "in the store"}
    export = write([one, old, gone, store])
    told = cli("fetch", export, "--to", tmp_path / "out", ALLOW)
    assert told.status == 1
    lines = told.err.splitlines()
    assert len(lines) == 3
    assert any(re.match(r"ango-viewer: lot/old.png: .* expired on 3 Sep 2024, 19:35 UTC\.", line) for line in lines)
    assert any("lot/gone.png: gone.png is gone from the server" in line for line in lines)
    assert any("in the store: " in line and "s3://" in line for line in lines)
    assert told.out.splitlines()[-1].endswith("; 3 could not be had")
    copy = json.loads(written(tmp_path / "out")["export.json"])
    assert [entry["asset"] for entry in copy] == [
        "assets/lot/one.png", server.url("/p/old.png"), server.url("/p/gone.png"), "s3://bucket/a.png",
    ]  # fmt: skip
    assert CANARY not in told.err + told.out + json.dumps(copy)


def test_a_rerun_fetches_only_what_is_missing(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    assets = [asset(server, f"{k}.png", b"%d" % k) for k in range(4)]
    server.answers("/p/3.png", fault_server.status(404))
    export = write(assets)
    assert cli("fetch", export, "--to", tmp_path / "out", ALLOW).status == 1
    server.answers("/p/3.png", fault_server.reply(b"three"))
    (tmp_path / "out" / "assets" / "lot" / "1.png").unlink()
    before = len(server.requests)
    newer = write(export.read_text().replace(CANARY, "another5ignature"))
    assert cli("fetch", newer, "--to", tmp_path / "out", ALLOW).status == 0
    asked = sorted(request.target.decode().partition("?")[0] for request in server.requests[before:])
    assert asked == ["/p/1.png", "/p/3.png"]
    files = written(tmp_path / "out")
    assert [files[f"assets/lot/{k}.png"] for k in range(4)] == [b"0", b"1", b"2", b"three"]


def test_only_some_assets(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([asset(server, f"{k}.png") for k in range(4)])
    out = tmp_path / "out"
    assert cli("fetch", export, "--to", out, ALLOW, "--asset", "2", "--asset", "lot/0.png").status == 0
    assert [entry["asset"] for entry in json.loads(written(out)["export.json"])] == [
        "assets/lot/0.png", server.url("/p/1.png"), "assets/lot/2.png", server.url("/p/3.png"),
    ]  # fmt: skip
    assert cli("fetch", export, "--to", out, ALLOW, "--asset", "id-1.png").status == 0
    copy = json.loads(written(out)["export.json"])
    assert copy[0]["asset"] == "assets/lot/0.png", "what an earlier run fetched stays"
    assert copy[1]["asset"] == "assets/lot/1.png"
    assert "No asset is called none" in cli("fetch", export, "--to", out, "--asset", "none").sentence


def test_files_that_are_here_already_are_copied(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([asset(server, "one.png"), image_asset("beside.png") | {"externalId": "beside.png"}])
    (tmp_path / "beside.png").write_bytes(b"beside")
    cache = tmp_path / "cache"
    assert cli("render", export, "--asset", 0, ALLOW, "--cache-dir", cache, "-o", tmp_path / "x.png").status == 0
    assert cli("fetch", export, "--to", tmp_path / "out", "--offline", "--cache-dir", cache).status == 0
    files = written(tmp_path / "out")
    assert (files["assets/lot/one.png"], files["assets/beside.png"]) == (PICTURE, b"beside")
    assert len(server.requests) == 1


def test_private_hosts_fail_unless_allowed(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([asset(server, "one.png")])
    told = cli("fetch", export, "--to", tmp_path / "out")
    assert told.status == 1
    assert "lot/one.png: This export wants a file from 127.0.0.1, a private address" in told.err
    assert server.requests == []


def test_what_cannot_be_done(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([asset(server, "one.png")])
    assert "does not exist" in cli("fetch", tmp_path / "none.json", "--to", tmp_path / "out").sentence
    assert "Choose another folder" in cli("fetch", export, "--to", tmp_path).sentence
    assert "1 to 64" in cli("fetch", export, "--to", tmp_path / "out", "--jobs", "0").sentence
    assert "--to" in cli("fetch", export).sentence
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "other.json").write_text("[]")
    assert "holds another export already (other.json)" in cli("fetch", export, "--to", tmp_path / "out").sentence
    (tmp_path / "file").write_text("")
    assert "cannot be written" in cli("fetch", export, "--to", tmp_path / "file").sentence
    assert export.read_text() == json.dumps([asset(server, "one.png")])


def test_a_damaged_asset_is_named_and_its_links_lose_their_signatures(
    cli: Cli, write: Any, server: Any, tmp_path: Path
) -> None:
    whole = json.dumps([asset(server, "one.png"), asset(server, "two.png")])
    export = write(whole.replace('"externalId": "lot/two.png"', '"externalId": tr"lot/two.png'))
    told = cli("fetch", export, "--to", tmp_path / "out", ALLOW)
    copy = written(tmp_path / "out")["export.json"].decode()
    assert CANARY not in copy
    assert '"assets/lot/one.png"' in copy
    assert told.status == (1 if told.err else 0)


def test_a_server_that_is_gone_is_not_asked_for_each_file(cli: Cli, write: Any, server: Any, tmp_path: Path) -> None:
    export = write([asset(server, f"{k}.png") for k in range(40)])
    server.close()
    told = cli("fetch", export, "--to", tmp_path / "out", ALLOW, "--jobs", "2")
    assert told.status == 1
    assert len(told.err.splitlines()) == 40
    assert all("nobody answers there" in line for line in told.err.splitlines())


def test_a_bar_on_a_terminal(write: Any, server: Any, tmp_path: Path) -> None:
    export = write([asset(server, f"{k}.png") for k in range(3)])
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "viewer", "fetch", export, "--to", tmp_path / "out", ALLOW]
    done = subprocess.run(command, stdout=inner, cwd=Path(__file__).parents[2], check=False)
    os.close(inner)
    shown = b""
    while chunk := _read(outer):
        shown += chunk
    os.close(outer)
    assert done.returncode == 0
    assert b"/3 files" in shown and b"[####" in shown
    assert b"assets/lot/0.png" not in shown
    assert shown.rstrip().endswith(b" s")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so at the end
        return b""


def test_the_real_server(cli: Cli, write: Any, swift: Swift, tmp_path: Path) -> None:
    swift.put("project/ä b+c.png", PICTURE)
    good = image_asset(swift.url("project/ä b+c.png")) | {"externalId": "good.png"}
    signed = datetime.now(UTC) - timedelta(hours=40)
    dead = image_asset(swift.url("project/ä b+c.png", at=signed) + "&") | {"externalId": "dead.png"}
    dead["asset"] = dead["asset"][:-1].replace("c.png", "d.png")
    export = write([good, dead])
    told = cli("fetch", export, "--to", tmp_path / "out", ALLOW)
    assert told.status == 1
    assert re.search(r"dead\.png: The link to dead\.png expired on \d+ \w{3} \d{4}, \d\d:\d\d UTC\.", told.err)
    assert written(tmp_path / "out")["assets/good.png"] == PICTURE
