import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.make.hub_server import KEY, PROJECT, SIGNATURE, HubServer, serving
from viewer.errors import ExportError, FetchError
from viewer.export import Export
from viewer.fetch.client import Patience
from viewer.fetch.hub import Hub
from viewer.ui.fresh_links.asking import Question, Scope
from viewer.ui.fresh_links.work import Came, Work, until

QUICK = Patience(connect_s=5.0, first_byte_s=5.0, idle_s=5.0, wait_s=0.0, tries=1)
MOMENT = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def server() -> Iterator[HubServer]:
    with serving() as server:
        server.moment = MOMENT
        yield server


@pytest.fixture
def export(server: HubServer, tmp_path: Path) -> Iterator[Export]:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([asset(server.dead(f"/p/{n}.png"), n) for n in range(5)]))
    with Export.open(path, cache_dir=tmp_path / "cache").read() as found:
        yield found


def asset(url: str, n: int) -> dict[str, Any]:
    return {"asset": url, "assetId": f"a{n}", "externalId": f"{n}.png", "task": {"taskId": f"t{n}", "tools": []}}


def run(
    export: Export, server: HubServer, scope: Scope, **more: Any
) -> tuple[Came, list[Came], list[tuple[str, int, int]]]:
    first: list[Came] = []
    told: list[tuple[str, int, int]] = []
    question = Question(server.host, more.get("project", PROJECT), more.get("key", KEY), scope)
    work = Work(
        question, export, more.get("index", 3), lambda: Hub(question.host, question.key, patience=QUICK),
        first.append, lambda *what: told.append(what), more.get("cancelled", lambda: False),
    )  # fmt: skip
    return work.run(), first, told


END = int((MOMENT + timedelta(seconds=120_000)).timestamp())


def test_the_links_of_one_asset(server: HubServer, export: Export) -> None:
    came, first, told = run(export, server, "asset")
    assert came.ends == {3: END}
    assert list(came.links) == [server.dead("/p/3.png").partition("?")[0]]
    assert came.is_all
    assert first[0].links == came.links
    assert told[-1] == ("link", 1, 1)
    assert SIGNATURE not in repr(came)


def test_the_links_of_all_assets_the_one_shown_first(server: HubServer, export: Export) -> None:
    came, first, _ = run(export, server, "all")
    assert came.ends == dict.fromkeys(range(5), END)
    assert came.is_all
    assert first[0].ends == {3: END}
    assert until(came).endswith("UTC")
    assert until(Came({}, {1: None})) == ""


def test_what_did_not_come_is_told(server: HubServer, export: Export) -> None:
    server.unknown = {server.dead("/p/1.png").partition("?")[0]}
    came, _, _ = run(export, server, "all")
    assert not came.is_all
    assert (came.refused, sorted(came.ends)) == (1, [0, 2, 3, 4])
    assert "(404)" in str(came.failure)


def test_by_a_fresh_export(server: HubServer, export: Export, tmp_path: Path) -> None:
    """Its links are used, matched by ids; nothing of it is written."""
    server.export = [asset(server.url(f"/p/{n}.png"), n) for n in (4, 0, 3)]
    before = set(tmp_path.rglob("*"))
    came, first, told = run(export, server, "export")
    assert set(tmp_path.rglob("*")) == before
    assert came.ends == {0: END, 3: END, 4: END}
    assert {new.partition("?")[0] for new in came.links.values()} == {f"{server.host}/p/{n}.png" for n in (0, 3, 4)}
    assert all(SIGNATURE in new for new in came.links.values())
    assert came.missing == 2
    assert not first
    assert [one.path for one in server.asked] == ["/v2/export", "/exports/fresh.zip"]
    assert {what for what, _, _ in told} == {"byte", "asset"}


def test_an_export_of_another_project_helps_nothing(server: HubServer, export: Export) -> None:
    server.export = [asset(server.url("/q/1.png"), 77)]
    came, _, _ = run(export, server, "export")
    assert (came.links, came.ends, came.missing) == ({}, {}, 5)


def test_an_empty_export(server: HubServer, export: Export) -> None:
    came, _, _ = run(export, server, "export")
    assert came.missing == 5


def test_what_is_no_zip(server: HubServer, export: Export) -> None:
    path = "/exports/broken.zip"
    server.files[path] = b"PK\3\4 broken"
    server.always = (200, json.dumps({"data": {"exportPath": server.url(path)}}).encode(), {})
    with pytest.raises(ExportError, match="The fresh export is cut or damaged"):
        run(export, server, "export")


@pytest.mark.parametrize("scope", ["asset", "all", "export"])
def test_a_wrong_key(server: HubServer, export: Export, scope: Scope) -> None:
    with pytest.raises(FetchError) as caught:
        run(export, server, scope, key="wrong")
    assert caught.value.code == "key"
    assert len(server.asked) == 1


def test_cancelled_before_it_began(server: HubServer, export: Export) -> None:
    came, _, _ = run(export, server, "all", cancelled=lambda: True)
    assert (came.links, came.ends) == ({}, {})
    assert not server.asked
