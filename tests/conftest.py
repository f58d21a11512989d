"""What every test stands on: no display, an isolated home, and nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
