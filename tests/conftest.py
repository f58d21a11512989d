"""What every test stands on: no display, an isolated home, and nothing left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.make import searched
from tests.make.swift_server import NotHere, Swift

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["LANGUAGE"] = "en"
# the keyring of whoever runs the tests is never asked, also not by processes that tests start
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# how long an example takes says something of the machine only; timings belong in benchmarks
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

DATA = Path(__file__).parent / "data"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Reports go from one process to another as UTF-8; what a test logged may hold half a character."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(autouse=True)
def isolated_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings, cache and logs of each test live in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        folder = home if name == "HOME" else home / name.lower()
        folder.mkdir(exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    yield home


@pytest.fixture(autouse=True)
def no_signature_left(isolated_home: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test: nothing that the program wrote, printed or copied holds the signature of a link."""
    place: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if request.node.get_closest_marker("leaves_signatures"):
        return
    found = searched.files_with_signatures(isolated_home)
    if place is not None:
        # the test's own exports lie there, too: only what is the program's by its name
        own = [path for path in place.rglob("*") if path.suffix in searched.WRITTEN]
        found |= searched.files_with_signatures(*own)
    assert not found, "signatures in files"
    if (qt := sys.modules.get("PySide6.QtGui")) is not None and qt.QGuiApplication.instance() is not None:
        assert not searched.signed(qt.QGuiApplication.clipboard().text().encode()), "a signature in the clipboard"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """What a test printed is searched, too."""
    yield
    if not item.get_closest_marker("leaves_signatures"):
        said = "".join(text for _when, kind, text in item._report_sections if kind in ("stdout", "stderr"))
        assert not searched.signed(said.encode("utf-8", "replace")), "a signature was printed"


@pytest.fixture
def data() -> Path:
    """The folder of small files that the tests bring along."""
    return DATA


@pytest.fixture(scope="session")
def standins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that stand in for the assets of the two example exports, for ``--assets-dir``."""
    from tests.make import standins

    return standins.make(tmp_path_factory.mktemp("standins"))


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    """A real S3 server on loopback that checks signatures. Skips, with the reason, where it cannot run."""
    try:
        server = Swift(tmp_path_factory.mktemp("swift"))
    except NotHere as reason:
        pytest.skip(str(reason))
    yield server
    server.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The real files are used where they are; where they are not, the report says so."""
    if os.environ.get("ANGO_VIEWER_CORPORA"):
        return
    skip = pytest.mark.skip(reason="ANGO_VIEWER_CORPORA names no folder of real files")
    for item in items:
        if "corpus" in item.keywords:
            item.add_marker(skip)
