"""Every example asset, in the real window and through ``render``: pixels with labels, or a sentence."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from tests.commands.conftest import LentPool
from tests.e2e.conftest import Program
from viewer import state, workers
from viewer.__main__ import main

EXAMPLES, SEED = "ango-examples.json", "seed-sample.json"


class Pixels(NamedTuple):
    """A picture is there; on which pages at least one label is drawn, and on which none."""

    labelled: tuple[int, ...] = ()
    bare: tuple[int, ...] = ()


class Sentence(NamedTuple):
    """There is no picture: the title on the canvas, and what ``render`` says that the asset is."""

    window: str
    render: str


VOLUME = Sentence("Medical volumes can't be shown yet", "a medical volume")
EXPECTED: dict[tuple[str, int], Pixels | Sentence] = {
    (EXAMPLES, 0): Pixels(labelled=(0,)),
    (EXAMPLES, 1): Pixels(labelled=(0,)),
    (EXAMPLES, 2): Pixels(labelled=(0,)),  # a brush mask
    (EXAMPLES, 3): Pixels(bare=(0,)),  # answers alone
    (EXAMPLES, 4): Pixels(bare=(0,)),
    (EXAMPLES, 5): Pixels(labelled=(0, 7, 119)),  # 7 lies between key frames
    (EXAMPLES, 6): Pixels(labelled=(20, 103), bare=(19, 60, 249)),  # every frame: nothing in between
    (EXAMPLES, 7): Pixels(labelled=(5,)),
    (EXAMPLES, 8): Pixels(labelled=(0, 2), bare=(1,)),
    (EXAMPLES, 9): Pixels(labelled=(0,)),
    (EXAMPLES, 10): Sentence("Texts can't be shown yet", "a text"),
    (EXAMPLES, 11): Sentence("Recordings can't be shown yet", "a recording"),
    (EXAMPLES, 12): Sentence("Markdown texts can't be shown yet", "a Markdown text"),
    (EXAMPLES, 13): Sentence("HTML pages can't be shown yet", "an HTML page"),
    (EXAMPLES, 14): Sentence("Conversations can't be shown yet", "a conversation"),
    (EXAMPLES, 15): Pixels(labelled=(11, 40), bare=(12, 95)),
    (EXAMPLES, 16): Pixels(labelled=(2,), bare=(0,)),
    (EXAMPLES, 17): VOLUME,
    (EXAMPLES, 18): VOLUME,
    (EXAMPLES, 19): Pixels(labelled=(0,)),
    (EXAMPLES, 20): Sentence("3D point clouds can't be shown yet", "a 3D point cloud"),
    (EXAMPLES, 21): Sentence("This asset is a web page", "a web page"),
    (EXAMPLES, 22): Pixels(labelled=(0,)),
    (EXAMPLES, 23): Pixels(labelled=(0,)),
    (EXAMPLES, 24): Pixels(labelled=(0,)),
    (EXAMPLES, 25): Pixels(bare=(0,)),
    (EXAMPLES, 26): Pixels(labelled=(0,)),
    (EXAMPLES, 27): Pixels(labelled=(0,)),
    (SEED, 0): Pixels(labelled=(504, 505, 506), bare=(0, 503)),
}
"""What is there when every picture has a file that stands in for it."""

EXPIRED = "expired on 3 Sep 2024"
NOBODY = "There is no server named example-bucket.s3.eu-central-1.amazonaws.com"
WITHOUT_FILES = {asset: EXPIRED for asset, expected in EXPECTED.items() if isinstance(expected, Pixels)} | {
    (EXAMPLES, 1): NOBODY,  # these two have no signature that could expire
    (EXAMPLES, 27): NOBODY,
    (SEED, 0): "expired on 26 Aug 2023",
}
"""Where there is no file and no network: the sentence, in the window and of ``render``."""


def of_file(table: dict[tuple[str, int], object], name: str) -> dict[int, object]:
    return {index: expected for (file, index), expected in table.items() if file == name}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is known to any server."""

    def unknown(*_args: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


@pytest.fixture(scope="module")
def one_pool() -> Iterator[workers.Pool]:
    with workers.Pool() as pool:
        yield pool


@pytest.fixture
def render(
    monkeypatch: pytest.MonkeyPatch, one_pool: workers.Pool, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs ``render``: its exit status and what it said."""
    monkeypatch.setattr(workers, "Pool", lambda: LentPool(one_pool))

    def run(*words: object) -> tuple[int, str]:
        status = main(["render", *map(str, words)])
        told = capsys.readouterr()
        assert told.out == ""
        return status, told.err

    return run


@pytest.mark.parametrize("name", [EXAMPLES, SEED])
def test_the_window_shows_each_of_them(program: Callable[..., Program], data: Path, standins: Path, name: str) -> None:
    p = program(data / name, assets_dir=standins)
    table = of_file(EXPECTED, name)
    p.listed(len(table))
    for index, expected in table.items():
        if isinstance(expected, Sentence):
            p.session.open_asset(index)
            p.words(expected.window)
            assert p.window.canvas.content is None
            continue
        assert isinstance(expected, Pixels)
        for page in (*expected.labelled, *expected.bare):
            p.session.open_asset(index, page=page)  # does nothing where it is open already
            p.session.go(state.go_to_page(p.session.state, page, page + 1))
            p.shown(index, page)
            p.wait(lambda index=index: index != 2 or p.window.canvas.content.brush is not None)  # type: ignore[misc, union-attr]
            content = p.window.canvas.content
            assert content is not None
            drawn = len(content.store) > 0 or content.brush is not None
            assert drawn == (page in expected.labelled), (index, page)
            assert p.window.canvas.message is None


def test_the_seed_shows_its_track(program: Callable[..., Program], data: Path, standins: Path) -> None:
    p = program(data / SEED, assets_dir=standins)
    p.shown(0, 504)
    assert p.window.canvas.content is not None
    assert len(p.window.canvas.content.store) == 2
    p.session.next_page()
    p.shown(0, 505)
    assert [placed.state for placed in p.session.scene.placed] == ["interpolated"] * 2  # type: ignore[union-attr]


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", [EXAMPLES, SEED])
def test_without_files_the_window_tells_why(program: Callable[..., Program], data: Path, name: str) -> None:
    p = program(data / name)
    p.listed(len(of_file(EXPECTED, name)))
    for index, sentence in of_file(WITHOUT_FILES, name).items():
        p.session.open_asset(index)
        p.wait(lambda index=index: p.session.asset is not None and p.session.asset.index == index)  # type: ignore[misc]
        p.words(str(sentence).replace("expired on", "valid until"))
        assert p.window.canvas.content is None or p.window.canvas.content.base is None
        p.wait(lambda: p.session.scene is not None)


@pytest.mark.parametrize(("name", "index"), EXPECTED)
def test_render_draws_each_of_them_or_says_why(
    render: Callable[..., tuple[int, str]], name: str, index: int, data: Path, standins: Path, tmp_path: Path
) -> None:
    expected = EXPECTED[name, index]
    drawn, bare = tmp_path / "drawn.png", tmp_path / "bare.png"
    words = (data / name, "--asset", index, "--native", "--assets-dir", standins)
    if isinstance(expected, Sentence):
        status, told = render(*words, "-o", drawn)
        assert status == 2
        assert told.startswith(f"ango-viewer: Asset {index} (")
        assert told.endswith(f" is {expected.render}: it has no picture that can be rendered yet.\n")
        assert not drawn.exists()
        return
    for page in (*expected.labelled, *expected.bare):
        assert render(*words, "--page", page, "-o", drawn) == (0, "")
        assert render(*words, "--page", page, "--no-labels", "-o", bare) == (0, "")
        with Image.open(drawn) as one, Image.open(bare) as two:
            assert one.size == two.size
            ink = (np.asarray(one.convert("RGB")) != np.asarray(two.convert("RGB"))).any(axis=2)
        assert ink.any() == (page in expected.labelled), page
        assert ink.mean() < 0.9, "the page is seen beside its labels"


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(("name", "index"), WITHOUT_FILES)
def test_without_files_render_tells_why(
    render: Callable[..., tuple[int, str]], name: str, index: int, data: Path, tmp_path: Path
) -> None:
    status, told = render(data / name, "--asset", index, "-o", tmp_path / "out.png")
    assert status == 2
    assert told.count("\n") == 1
    assert WITHOUT_FILES[name, index] in told
    assert "X-Amz" not in told
    assert not (tmp_path / "out.png").exists()
