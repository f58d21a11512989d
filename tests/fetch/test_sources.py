import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.make.fault_server import FaultServer, reply, serving, status
from viewer.errors import FetchError
from viewer.fetch import Address, Sources
from viewer.fetch.client import Patience
from viewer.remembered import Remembered

ENDED = "https://store.test/a.png?X-Amz-Date=20240902T101500Z&X-Amz-Expires=120000&X-Amz-Signature=CANARY"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as server:
        yield server


class Opened:
    """Sources of an export in a folder of its own, made again as by a new start of the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.export = folder / "export" / "export.json"
        self.export.parent.mkdir()
        self.remembered = Remembered(folder / "remembered.json")
        self.sources: list[Sources] = []

    def __call__(self, **options: Any) -> Sources:
        patience = Patience(connect_s=5, first_byte_s=5, idle_s=5, wait_s=0, tries=2)
        settings: dict[str, Any] = {
            "cache_dir": self.folder / "cache",
            "allow_private_hosts": True,
            "remembered": self.remembered,
            "patience": patience,
        }
        self.sources.append(Sources(self.export, **(settings | options)))
        return self.sources[-1]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(tmp_path)
    yield opened
    for sources in opened.sources:
        sources.close()


def refused(sources: Sources, address: Address, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        sources.fetch(address, **options)
    assert "CANARY" not in str(caught.value)
    return caught.value


def test_a_fetched_file_is_cached_and_found_without_the_network(server: FaultServer, opened: Opened) -> None:
    server.answers("/a.png", reply(b"pixels"))
    address = Address(url=server.url("/a.png?X-Amz-Signature=1"), external_id="a.png")
    sources = opened()
    assert sources.locate(address) is None
    path = sources.fetch(address)
    assert path.read_bytes() == b"pixels"
    assert sources.locate(address) == path
    newer = Address(url=server.url("/a.png?X-Amz-Signature=2"), external_id="a.png")
    assert opened(offline=True).fetch(newer) == path
    assert len(server.requests) == 1


def test_an_altered_cached_file_is_fetched_again(server: FaultServer, opened: Opened) -> None:
    address = Address(url=server.answers("/a.png", reply(b"pixels")))
    path = opened().fetch(address)
    path.write_bytes(b"PIXELS")
    assert opened().fetch(address).read_bytes() == b"pixels"
    assert len(server.requests) == 2


def test_a_file_that_cannot_be_shown_is_fetched_anew(server: FaultServer, opened: Opened, tmp_path: Path) -> None:
    server.answers("/a.png", reply(b"half a"), reply(b"whole"))
    address = Address(url=server.url("/a.png"), external_id="a.png")
    sources = opened()
    assert not sources.forget(address), "nothing is cached yet"
    sources.fetch(address)
    assert not opened(offline=True).forget(address), "it could not be had again"
    assert sources.forget(address)
    assert sources.locate(address) is None
    assert sources.fetch(address).read_bytes() == b"whole"
    (tmp_path / "a.png").write_bytes(b"mine")
    assert not opened(assets_dir=tmp_path).forget(address), "the file used is the user's own"
    assert not sources.forget(Address(url="beside.png"))
    assert not sources.forget(Address(url=None))


def test_a_failed_fetch_leaves_the_cache_clean(server: FaultServer, opened: Opened) -> None:
    for answer in (status(500), reply(b"pix", length=2), status(404)):
        address = Address(url=server.answers("/a.png", answer))
        refused(opened(), address)
        assert opened().locate(address) is None
        assert list((opened.folder / "cache" / "parts").iterdir()) == []


def test_cancelling_leaves_the_cache_clean(server: FaultServer, opened: Opened) -> None:
    address = Address(url=server.answers("/a.png", server.hang(reply(b"pix", length=6))))
    stop: list[int] = []
    error = refused(opened(), address, on_progress=lambda n, total: stop.append(n), cancelled=lambda: bool(stop))
    assert error.code == "cancelled"
    assert list((opened.folder / "cache" / "parts").iterdir()) == []
    assert refused(opened(), address, cancelled=lambda: True).code == "cancelled"


def test_a_packed_body_is_unpacked(server: FaultServer, opened: Opened) -> None:
    address = Address(url=server.answers("/a.dcm", reply(gzip.compress(b"pixels" * 9), Content_Encoding="gzip")))
    assert opened().fetch(address).read_bytes() == b"pixels" * 9
    assert opened().fetch(address).read_bytes() == b"pixels" * 9
    assert len(server.requests) == 1


def test_a_false_encoding_is_ignored(server: FaultServer, opened: Opened) -> None:
    address = Address(url=server.answers("/a.png", reply(b"\x89PNG raw", Content_Encoding="gzip")))
    assert opened().fetch(address).read_bytes() == b"\x89PNG raw"


def test_a_damaged_packed_body_is_told_and_not_kept(server: FaultServer, opened: Opened) -> None:
    address = Address(url=server.answers("/a.dcm", reply(gzip.compress(b"pixels" * 9)[:-9], Content_Encoding="gzip")))
    assert "incomplete" in str(refused(opened(), address))
    assert list((opened.folder / "cache" / "parts").iterdir()) == []


def test_offline_says_so_and_asks_nobody(server: FaultServer, opened: Opened) -> None:
    address = Address(url=server.answers("/a.png", reply(b"pixels")), external_id="lot/a.png")
    error = refused(opened(offline=True), address)
    assert (error.code, server.requests) == ("offline", [])
    assert "a.png is not on this computer" in str(error)
    assert "expired on 3 Sep 2024, 19:35 UTC" in str(refused(opened(offline=True), Address(url=ENDED)))


def no_name(host: str, port: int) -> list[str]:
    raise AssertionError("the network was asked")


@pytest.mark.parametrize(
    ("now", "asks"),
    [
        (datetime(2024, 9, 6, tzinfo=UTC), False),
        (datetime(2030, 1, 1, tzinfo=UTC), False),
        (datetime(2024, 9, 4, tzinfo=UTC), True),  # within the days that a clock may be off
        (datetime(2024, 9, 2, 12, tzinfo=UTC), True),
        (datetime(1970, 1, 2, tzinfo=UTC), True),
        (datetime(2099, 1, 1, tzinfo=UTC), True),  # no clock is that far ahead: unsure
    ],
)
def test_a_link_that_ended_long_ago_is_told_without_asking(opened: Opened, now: datetime, asks: bool) -> None:
    sources = opened(now=lambda: now)
    sources._client._resolve = no_name
    if asks:
        with pytest.raises(AssertionError, match="asked"):
            sources.fetch(Address(url=ENDED))
    else:
        error = refused(sources, Address(url=ENDED, external_id="a.png"))
        assert (error.code, str(error)[:66]) == (
            "expired",
            "The link to a.png expired on 3 Sep 2024, 19:35 UTC. Open a newer e",
        )


def test_the_order_of_the_ways(server: FaultServer, opened: Opened, tmp_path: Path) -> None:
    address = Address(url=server.answers("/a.png", reply(b"network")), external_id="a.png", asset_key="key")
    assets, folder, export = tmp_path / "assets", tmp_path / "folder", opened.export.parent
    assert opened().fetch(address).read_bytes() == b"network"
    for place in (assets, folder):
        place.mkdir()
        (place / "a.png").write_bytes(place.name.encode())
    opened.remembered.look_in(opened.export, folder)
    assert opened().fetch(address).read_bytes() == b"folder"
    assert opened(assets_dir=assets).fetch(address).read_bytes() == b"assets"
    (tmp_path / "chosen.png").write_bytes(b"chosen")
    opened.remembered.locate(opened.export, "key", tmp_path / "chosen.png")
    assert opened(assets_dir=assets).fetch(address).read_bytes() == b"chosen"
    (tmp_path / "chosen.png").unlink()
    assert opened(assets_dir=assets).fetch(address).read_bytes() == b"assets"
    (export / "b.png").write_bytes(b"beside")
    relative = Address(url="b.png", external_id="other.png")
    assert opened().locate(relative) == (export / "b.png").resolve()
    assert len(server.requests) == 1


def test_a_memory_of_yesterday_counts(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "chosen.png").write_bytes(b"chosen")
    (tmp_path / "slices").mkdir()
    for name in ("a.dcm", "b.dcm"):
        (tmp_path / "slices" / name).write_bytes(name.encode())
    opened.remembered.locate(opened.export, "key", tmp_path / "slices")
    opened.remembered.locate(opened.export, "key", tmp_path / "chosen.png", part=1)
    sources = opened(remembered=Remembered(tmp_path / "remembered.json"))
    parts = [Address(url=None, asset_key="key", part=k, parts=2) for k in (0, 1)]
    assert [sources.fetch(part).name for part in parts] == ["a.dcm", "chosen.png"]


def test_an_address_that_is_refused_is_located_as_nothing_and_told_by_fetch(opened: Opened) -> None:
    (opened.folder / "secret.txt").write_text("secret")
    for url in ("../secret.txt", (opened.folder / "secret.txt").as_uri(), "http://user:CANARY@store.test/a.png"):
        assert opened().locate(Address(url=url)) is None
        assert refused(opened(), Address(url=url)).code == "policy"


def test_private_hosts_are_refused_unless_allowed(server: FaultServer, opened: Opened) -> None:
    address = Address(url=server.answers("/a.png", reply(b"pixels")))
    assert refused(opened(allow_private_hosts=False), address).code == "private-host"
    assert opened().fetch(address).read_bytes() == b"pixels"


def test_a_cache_that_cannot_be_written_has_a_sentence(server: FaultServer, opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    address = Address(url=server.answers("/a.png", reply(b"pixels")))
    error = refused(opened(cache_dir=tmp_path / "file"), address)
    assert (error.code, "another cache folder" in str(error)) == ("disk", True)


def test_stand_ins_for_the_examples(data: Path, opened: Opened, tmp_path: Path) -> None:
    examples = json.loads((data / "ango-examples.json").read_text())
    assets = tmp_path / "assets"
    expected = {}
    for asset in examples:
        urls = asset.get("dataset") or [asset["asset"]]
        for k, url in enumerate(urls):
            name = asset["externalId"] if len(urls) == 1 else url.partition("?")[0].rpartition("/")[2]
            path = assets / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
            expected[Address(url=url, external_id=asset["externalId"], part=k, parts=len(urls))] = path
    (assets / "aa03-brush.png").write_bytes(b"x")
    expected[Address(url=examples[2]["task"]["brushDataUrl"])] = assets / "aa03-brush.png"
    sources = opened(assets_dir=assets)
    assert {address: sources.locate(address) for address in expected} == expected
    assert {address: sources.fetch(address) for address in expected} == expected


def test_nothing_secret_is_written(server: FaultServer, opened: Opened) -> None:
    for path in ("/a.png", "/get"):
        server.answers(path, reply(b"pixels", Content_Type="image/png", ETag='"1"'))
        opened().fetch(Address(url=server.url(f"{path}?X-Amz-Signature=CANARY&token=CANARY"), asset_key="key"))
    for path in opened.folder.rglob("*"):
        assert not path.is_file() or b"CANARY" not in path.read_bytes()


def test_httpx_is_not_imported_before_it_is_needed() -> None:
    program = (
        "import sys, viewer.fetch, viewer.remembered, viewer.settings, viewer.log, pathlib;"
        "viewer.fetch.Sources(pathlib.Path('x.json'));"
        "assert not {'httpx', 'httpcore', 'h11', 'anyio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_where_a_file_is_is_told_without_handing_it_out(server: FaultServer, opened: Opened, tmp_path: Path) -> None:
    address = Address(url=server.answers("/a.png", reply(b"network")), external_id="a.png", asset_key="key")
    sources = opened()
    assert sources.whereabouts(address) == ""
    sources.fetch(address)
    assert sources.whereabouts(address) == "cached"
    assert opened().whereabouts(address) == "cached"
    (opened.export.parent / "b.png").write_bytes(b"beside")
    assert sources.whereabouts(Address(url="b.png")) == "beside"
    assert sources.whereabouts(Address(url="none.png")) == ""
    assert sources.whereabouts(Address(url="https://user:word@host.example/a.png")) == ""
    (tmp_path / "chosen.png").write_bytes(b"chosen")
    opened.remembered.locate(opened.export, "key", tmp_path / "chosen.png")
    assert sources.whereabouts(address) == "chosen"
    # no pin was left behind by asking
    other = opened()
    other.whereabouts(Address(url=server.url("/a.png")))
    sources.close()
    assert other.cache.clear() > 0
    assert len(server.requests) == 1


def test_clearing_leaves_what_is_in_use_and_frees_the_rest(server: FaultServer, opened: Opened) -> None:
    used = Address(url=server.answers("/used.png", reply(b"in use")))
    old = Address(url=server.answers("/old.png", reply(b"seen before")))
    sources, other_program = opened(), opened()
    kept = sources.fetch(used)
    gone = sources.fetch(old)
    theirs = other_program.fetch(Address(url=server.answers("/theirs.png", reply(b"theirs"))))
    assert sources.clear_cache([used, Address(url="https://user:word@host.example/a.png")]) == len(b"seen before")
    assert kept.exists()
    assert theirs.exists()
    assert not gone.exists()
    assert sources.locate(old) is None
    assert sources.fetch(used) == kept
    assert sources.clear_cache() == len(b"in use")
    assert sources.fetch(used).read_bytes() == b"in use"
