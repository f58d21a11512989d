"""What `make run` and `make test` decide on a machine that lacks this or that."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(os.name != "posix", reason="make and apt-get are for POSIX systems")


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The script as a module, with everything that it writes in a folder of the test."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("VENV", "STAMPS", "PICTURES"):
        monkeypatch.setattr(module, name, tmp_path / name.lower())
    here = Path.cwd()
    yield module
    os.chdir(here)


Commands = list[list[str]]


@pytest.fixture
def commands(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """What would have been run; everything succeeds, and making an environment makes its Python."""
    called: Commands = []

    def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        called.append([str(argument) for argument in arguments])
        if "venv" in arguments:
            bootstrap.python().parent.mkdir(parents=True)
            bootstrap.python().touch()
            bootstrap.python().with_name("pip").write_text(f"#!{bootstrap.python()}\n")
        return subprocess.CompletedProcess(arguments, 0, b"", b"")

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    return called


def lacking(monkeypatch: pytest.MonkeyPatch, bootstrap: ModuleType, *missing: str, cured: bool = True) -> None:
    """`missing` packages are missing until apt-get was called."""
    answers = [list(missing), [] if cured else list(missing)]
    monkeypatch.setattr(bootstrap, "missing_packages", lambda purpose: answers.pop(0))


def programs(monkeypatch: pytest.MonkeyPatch, bootstrap: ModuleType, *present: str) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}" if name in present else None)


def test_root_installs_with_apt(bootstrap: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking(monkeypatch, bootstrap, "libgl1", "xvfb")
    programs(monkeypatch, bootstrap, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    bootstrap.install_system_packages("test")
    assert [command[2:5] for command in commands] == [["apt-get", "-q", "update"], ["apt-get", "-q", "install"]]
    assert commands[1][-2:] == ["libgl1", "xvfb"]
    assert "--no-install-recommends" in commands[1]


def test_somebody_with_sudo_uses_it(bootstrap: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking(monkeypatch, bootstrap, "libgl1")
    programs(monkeypatch, bootstrap, "apt-get", "sudo")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bootstrap.install_system_packages("run")
    assert [command[0] for command in commands] == ["sudo", "sudo", "sudo"]
    assert commands[0] == ["sudo", "-n", "true"]  # nobody can type a password into a test


def test_without_rights_the_one_command_is_printed_and_nothing_is_run(
    bootstrap: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking(monkeypatch, bootstrap, "python3.11-venv", "libgl1")
    programs(monkeypatch, bootstrap, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert bootstrap.main(["run"]) == 1
    assert commands == []
    wanted = "su -c 'apt-get update && apt-get install -y --no-install-recommends python3.11-venv libgl1'"
    assert wanted in capsys.readouterr().err


def test_a_failed_installation_stops_with_the_command(
    bootstrap: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking(monkeypatch, bootstrap, "libgl1", cured=False)
    programs(monkeypatch, bootstrap, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert bootstrap.main(["run"]) == 1
    assert "still missing" in capsys.readouterr().err


def test_what_is_missing_is_found_by_looking(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "is_there", lambda library: library != "libGL.so.1")
    programs(monkeypatch, bootstrap, "xvfb-run", "ffmpeg")
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    venv = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert bootstrap.missing_packages("run") == ["libgl1", venv]
    assert bootstrap.missing_packages("test") == ["libgl1", "xauth", "xdotool", venv]


def test_a_library_of_the_system_is_there_and_an_invented_one_is_not(bootstrap: ModuleType) -> None:
    assert bootstrap.is_there("libc.so.6")
    if sys.platform.startswith("linux"):
        assert not bootstrap.is_there("libinvented-for-a-test.so.1")


def test_the_second_call_installs_nothing(bootstrap: ModuleType, commands: Commands) -> None:
    bootstrap.install_libraries("run")
    assert [command[1:3] for command in commands] == [["-m", "venv"], ["-m", "pip"], ["-m", "pip"]]
    assert all("--constraint" in command for command in commands[1:])
    commands.clear()
    bootstrap.install_libraries("run")
    assert commands == []
    bootstrap.install_libraries("test")
    assert commands[-1][-2:] == ["--group", "dev"]
    assert "venv" not in commands[0]
    commands.clear()
    bootstrap.install_libraries("run")  # what the tests need is more than what a run needs
    assert commands == []


def test_new_requirements_are_installed(
    bootstrap: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.install_libraries("run")
    commands.clear()
    monkeypatch.setattr(bootstrap, "state", lambda purpose: "another")
    bootstrap.install_libraries("run")
    assert len(commands) == 3  # the environment still works: only that is asked, then pip


def test_an_environment_that_was_moved_is_made_again(
    bootstrap: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bootstrap.install_libraries("run")
    bootstrap.VENV.rename(tmp_path / "moved")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "moved")
    assert not bootstrap.works(bootstrap.python())


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes sockets that somebody listens at."""
    opened: list[socket.socket] = []
    here = Path.cwd()

    def listen(name: str) -> Path:
        os.chdir(tmp_path)  # the path of a socket must be short
        listener = socket.socket(socket.AF_UNIX)
        opened.append(listener)
        listener.bind(name)
        listener.listen()
        return tmp_path

    yield listen
    os.chdir(here)
    for listener in opened:
        listener.close()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS always has a display")
def test_a_display_is_one_that_answers(bootstrap: ModuleType, listening: Callable[[str], Path]) -> None:
    assert not bootstrap.has_display({})
    assert not bootstrap.has_display({"DISPLAY": "nonsense", "WAYLAND_DISPLAY": ""})
    assert not bootstrap.has_display({"DISPLAY": ":4711", "WAYLAND_DISPLAY": "wayland-4711"})
    listening("wayland-9")
    assert bootstrap.has_display({"XDG_RUNTIME_DIR": ".", "WAYLAND_DISPLAY": "wayland-9"})
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        number = server.getsockname()[1] - 6000
        assert bootstrap.has_display({"DISPLAY": f"127.0.0.1:{number}.0"})


@pytest.mark.parametrize(
    ("display", "places"),
    [
        (":0", ["/tmp/.X11-unix/X0", "\0/tmp/.X11-unix/X0"]),
        (":12.1", ["/tmp/.X11-unix/X12", "\0/tmp/.X11-unix/X12"]),
        ("unix:3", ["/tmp/.X11-unix/X3", "\0/tmp/.X11-unix/X3"]),
        ("localhost:10.0", [("localhost", 6010)]),
        ("", []),
        ("desktop", []),
    ],
)
def test_where_an_x_server_listens(bootstrap: ModuleType, display: str, places: list[Any]) -> None:
    assert bootstrap.x_sockets({"DISPLAY": display}) == places


def test_without_a_display_every_asset_becomes_a_picture_and_its_path_is_printed(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assets = [
        {"index": 0, "external_id": "lot/a b.jpg", "asset_id": "1"},
        {"index": 1, "external_id": None, "asset_id": "x/../../y"},
    ]

    def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[Any]:
        if "info" in arguments:
            return subprocess.CompletedProcess(arguments, 0, json.dumps({"assets": assets}).encode())
        if "render" in arguments:
            Path(arguments[-1]).touch()
            return subprocess.CompletedProcess(arguments, 0)
        return subprocess.CompletedProcess(arguments, 0, "/the/demo\n")

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    monkeypatch.setattr(bootstrap, "has_display", lambda environment: False)
    assert bootstrap.run() == 0
    said, *paths = capsys.readouterr().out.splitlines()
    assert "no display" in said
    assert [Path(path).name for path in paths] == ["0-lot-a-b.jpg.png", "1-x-..-..-y.png"]
    assert all(Path(path).is_file() and Path(path).parent == bootstrap.PICTURES for path in paths)


def test_make_test_goes_on_after_a_failure_and_ends_with_one(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs(monkeypatch, bootstrap, "xvfb-run")
    called: list[str] = []

    def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        called.append(" ".join(map(str, arguments)))
        return subprocess.CompletedProcess(arguments, 1 if "mypy" in called[-1] else 0)

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    assert bootstrap.test() == 1
    assert len(called) == 8
    assert called[0].endswith("-m tests.make.swift_server")
    assert "Failed: Types" in capsys.readouterr().out
    for part in ("ruff format --check", "ruff check", "mypy --strict viewer", "lint-imports", "pytest", "xvfb-run"):
        assert any(part in command for command in called)


def test_make_soak_repeats_what_is_marked(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, Any]] = []

    def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        called.append((" ".join(map(str, arguments)), options.get("env")))
        return subprocess.CompletedProcess(arguments, 3)

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    assert bootstrap.soak() == 3
    (_, _), (tests, environment) = called
    assert tests.endswith("-m pytest -s -m soak")
    assert environment["ANGO_VIEWER_SOAK"] == "1"


def test_the_makefile_finds_a_python_and_says_when_there_is_none(tmp_path: Path) -> None:
    dry = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "packaging/bootstrap.py test" in dry.stdout
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    (tmp_path / "make").symlink_to(
        next(p for p in ("/usr/bin/make", "/bin/make", "/usr/local/bin/make") if Path(p).exists())
    )
    done = subprocess.run(
        [tmp_path / "make", "run", "SHELL=/bin/sh"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Python 3.11, 3.12, 3.13 or 3.14 is needed" in done.stderr
