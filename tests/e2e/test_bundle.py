"""The way of somebody who fetches while the links live: a bundle, and everything opens without them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from tests.make import images
from tests.make.fault_server import reply, serving
from viewer.__main__ import main

QUERY = "?X-Amz-Date=20240902T101500Z&X-Amz-Expires=999999999&X-Amz-Signature=0"


def test_a_bundle_opens_in_the_window_when_the_server_is_gone(
    program: Callable[..., Program], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = images.saved(images.marked(64, 48), "PNG")
    export = tmp_path / "in" / "export.json"
    export.parent.mkdir()
    with serving() as server:
        urls = [server.answers(f"/{k}.png", reply(picture)) + QUERY for k in range(3)]
        single = {"asset": urls[0], "externalId": "lot/one.png", "task": {"taskId": "t0", "tools": []}}
        several = {"asset": urls[1], "dataset": urls[1:], "externalId": "two", "task": {"taskId": "t1", "tools": []}}
        export.write_text(json.dumps([single, several]))
        out = tmp_path / "bundle"
        assert main(["fetch", str(export), "--to", str(out), "--allow-private-hosts"]) == 0
    capsys.readouterr()
    p = program(out, cache_dir=tmp_path / "empty cache", offline=True)
    p.shown(0, 0)
    p.listed(2)
    p.session.open_asset(1)
    p.shown(1, 0)
    p.session.go_to_page(1)
    p.shown(1, 1)
    assert not p.told
