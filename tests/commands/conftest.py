"""The command line in this process, its answers and what it wrote; exports and pictures to run it on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from viewer import workers
from viewer.__main__ import main


@dataclass
class Outcome:
    """What a call left."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one line on standard error of a command that could not."""
        assert self.status == 2, self
        assert self.out == "", self
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("ango-viewer: "), lines
        sentence = lines[0].removeprefix("ango-viewer: ")
        assert sentence.endswith("."), sentence
        assert "Traceback" not in sentence and "errno" not in sentence.lower(), sentence
        return sentence


Cli = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def light_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spawned process imports the main module again: here that would be pytest, half of a start's time."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture(autouse=True, scope="session")
def application(qapp: QApplication) -> QApplication:
    """Commands in this process find it; what they would make for themselves is too little for windows' tests."""
    return qapp


class LentPool:
    """A pool that goes on after the command is done, since the start of its processes is most of a command's time."""

    def __init__(self, pool: workers.Pool) -> None:
        self.open = pool.open

    def close(self) -> None:
        pass

    def __enter__(self) -> LentPool:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(scope="package")
def one_pool() -> Iterator[workers.Pool]:
    """The pool of all commands that run in this process; `process` starts commands with their own."""
    with workers.Pool() as pool:
        yield pool


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, one_pool: workers.Pool) -> Cli:
    """Runs a command in this process."""
    monkeypatch.setattr(workers, "Pool", lambda: LentPool(one_pool))

    def run(*words: object) -> Outcome:
        capsys.readouterr()
        status = main([str(word) for word in words])
        told = capsys.readouterr()
        return Outcome(status, told.out, told.err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Cli:
    """Runs the program in a process without a display and with hardly any environment variable."""

    def run(*words: object, stdin: Any = None, **kept: str) -> Outcome:
        home = tmp_path / "home of the process"
        home.mkdir(exist_ok=True)
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], **kept}
        done = subprocess.run(
            [sys.executable, "-m", "viewer", *map(str, words)],
            env=environment,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes assets, text or bytes as an export."""

    def make(content: Any, name: str = "export.json") -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return make


def image_asset(url: str | None = "page.png", *tools: Any, **more: Any) -> dict[str, Any]:
    """A current asset with one picture and these entries."""
    task = {"taskId": "t" * 24, "stage": "Complete", "stageId": "Complete", "tools": list(tools),
            "classifications": [], "relations": [], **more.pop("task", {})}  # fmt: skip
    return {"asset": url, "externalId": "page.png", "metadata": {"width": 64, "height": 48}, "batches": [],
            "task": task, **more}  # fmt: skip


def box(
    x: float, y: float, width: float, height: float, *, object_id: str = "o1", title: str = "car"
) -> dict[str, Any]:
    """A bounding-box entry."""
    return {"bounding-box": {"x": x, "y": y, "width": width, "height": height}, "objectId": object_id,
            "classifications": [], "schemaId": f"schema of {title}", "title": title}  # fmt: skip


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A grey picture of 64 × 48 beside the export."""
    path = tmp_path / "page.png"
    Image.new("RGB", (64, 48), (100, 100, 100)).save(path)
    return path


def pixels(path: Path) -> np.ndarray[Any, Any]:
    """A picture as rows of RGB."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))
