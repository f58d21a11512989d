"""Actions that ask first: what is answered is done, and what is not answered changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox

from tests.e2e.conftest import Program
from tests.make import pdfs
from viewer import log
from viewer.ui import window_actions
from viewer.ui.main_window import MainWindow
from viewer.ui.missing.locate_dialog import LocateFile
from viewer.ui.missing.look_dialog import LookInFolder

Start = Callable[..., Program]
PICTURE = "01-image-all-tools.png"


class Answers:
    """What the user answers, in order, to whatever dialog comes; None: nothing."""

    def __init__(self) -> None:
        self.given: list[Any] = []
        self.asked: list[tuple[Any, ...]] = []

    def _next(self, *words: Any) -> Any:
        self.asked.append(words)
        return self.given.pop(0)

    def file(self, _parent: Any, *words: Any) -> tuple[str, str]:
        return str(self._next(*words) or ""), ""

    def folder(self, _parent: Any, *words: Any) -> str:
        return str(self._next(*words) or "")

    def value(self, _parent: Any, *words: Any) -> tuple[Any, bool]:
        answer = self._next(*words)
        return (answer, True) if answer is not None else (0, False)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    made = Answers()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", made.file)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", made.file)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", made.folder)
    monkeypatch.setattr(QInputDialog, "getInt", made.value)
    monkeypatch.setattr(QInputDialog, "getText", made.value)
    return made


@pytest.fixture
def examples(data: Path) -> Path:
    return data / "ango-examples.json"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What windows tell."""
    texts: list[str] = []
    monkeypatch.setattr(MainWindow, "tell", lambda _window, text: texts.append(text))
    return texts


def test_an_export_is_chosen(program: Start, demo: Path, examples: Path, answers: Answers) -> None:
    p = program(examples)
    p.words("expired")
    answers.given = [None]
    p.run("choose_export")
    assert p.session.export is not None
    assert p.session.export.path == examples
    answers.given = [next(demo.glob("*.json"))]
    p.run("choose_export")
    p.wait(lambda: p.session.export is not None and p.session.export.path != examples)
    p.shown(0, 0)


def test_a_file_is_located_and_a_folder_is_looked_in(
    program: Start, examples: Path, standins: Path, answers: Answers
) -> None:
    p = program(examples, asset="0")
    p.words("expired")

    def press(dialog_type: type[LocateFile | LookInFolder]) -> None:
        """Ask the system's dialog, and use what it gave."""
        (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, dialog_type) and w.isVisible()]
        if isinstance(dialog, LocateFile):
            dialog.also.setChecked(False)  # the others are found by the folder below
        dialog.field.choose.click()
        if dialog.answers.yes.isEnabled():
            use(dialog)
        else:
            dialog.answers.no.click()

    def use(dialog: LocateFile | LookInFolder) -> None:
        """Again and again: the picture may be of another size than the one that was labelled."""
        if dialog.isVisible():
            dialog.answers.yes.click()
            QTimer.singleShot(20, lambda: use(dialog))

    answers.given = [None]
    QTimer.singleShot(0, lambda: press(LocateFile))
    p.run("locate_file")
    assert p.session.loader.has_failed
    answers.given = [standins / PICTURE]
    QTimer.singleShot(0, lambda: press(LocateFile))
    p.run("locate_file")
    p.shown(0, 0)
    p.listed(28)
    p.session.open_asset(8, page=0)
    p.words("expired")
    answers.given = [standins]
    QTimer.singleShot(0, lambda: press(LookInFolder))
    p.run("look_in_folder")
    p.shown(8, 0)
    p.session.go_to_page(2)
    p.shown(8, 2)


def test_issues_and_an_ontology_are_chosen(program: Start, demo: Path, answers: Answers) -> None:
    p = program(demo)
    p.shown(0, 0)
    answers.given = [demo / "project" / "issues.json", demo / "project" / "ontology.json", None, None]
    p.run("choose_issues")
    p.run("choose_ontology")
    p.wait(lambda: bool(p.session.issues) and p.session.ontology is not None)
    p.run("choose_issues")
    p.run("choose_ontology")
    assert answers.given == []


def test_a_page_is_asked_for_as_people_count(program: Start, demo: Path, answers: Answers) -> None:
    p = program(demo, asset="2", page=0)
    p.shown(2, 0)
    answers.given = [None, 31]
    p.run("ask_page")
    assert p.session.state.place.page == 0
    p.run("ask_page")
    p.shown(2, 30)
    _title, prompt, start, lowest, highest = answers.asked[-1]
    assert (start, lowest, highest) == (1, 1, p.session.page_count)
    assert f"{p.session.page_count:,}" in prompt


def test_the_picture_is_saved_as_it_is_seen(
    program: Start,
    examples: Path,
    standins: Path,
    answers: Answers,
    tmp_path: Path,
    told: list[str],
) -> None:
    p = program(examples, assets_dir=standins, asset="0")
    p.shown(0, 0)
    out, bare = tmp_path / "out.png", tmp_path / "bare.png"
    answers.given = [None, out]
    p.run("save_picture")
    p.run("save_picture")
    assert answers.asked[-1][1] == f"{PICTURE}-1.png"
    assert told == ["Saved as out.png."]
    p.run("toggle_labels")
    p.wait(lambda: not p.session.state.look.labels)
    answers.given = [bare]
    p.run("save_picture")
    with Image.open(out) as one, Image.open(bare) as two, Image.open(standins / PICTURE) as page:
        assert one.size == two.size == page.size == (800, 600)
        assert (np.asarray(two.convert("RGB")) == np.asarray(page.convert("RGB"))).all()
        assert (np.asarray(one.convert("RGB")) != np.asarray(two.convert("RGB"))).any()


def test_a_picture_that_cannot_be_written_is_told(
    program: Start,
    examples: Path,
    standins: Path,
    answers: Answers,
    tmp_path: Path,
    told: list[str],
) -> None:
    p = program(examples, assets_dir=standins, asset="0")
    p.shown(0, 0)
    answers.given = [tmp_path / "a file" / "out.png"]
    (tmp_path / "a file").write_text("")
    p.run("save_picture")
    assert len(told) == 1
    assert "could not be written" in told[0]


def test_a_protected_file_asks_for_its_password(program: Start, answers: Answers, tmp_path: Path) -> None:
    made = pdfs.encrypted(pdfs.pdf(pdfs.Sheet(content=pdfs.filled((20, 20, 60, 60)))), "open sesame")
    (tmp_path / "secret.pdf").write_bytes(made)
    path = tmp_path / "export.json"
    asset = {"asset": "secret.pdf", "externalId": "secret.pdf", "task": {"taskId": "t", "tools": []}}
    path.write_text(json.dumps([asset]))
    p = program(path)
    p.words("password")
    answers.given = [None, "wrong", "open sesame"]
    p.window.actions_.ask_password()
    assert p.session.loader.has_failed
    p.window.actions_.ask_password()
    p.wait(lambda: p.session.loader.has_failed)
    p.words("password")
    p.window.actions_.ask_password()
    p.shown(0, 0)
    p.window.actions_.other_engine()
    p.wait(lambda: p.session.loader.options.engine == "pdfium")
    p.shown(0, 0)
    assert p.session.loader.options.password == "open sesame"
    assert "open sesame" not in str(p.told)


def test_about_and_the_log(program: Start, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    monkeypatch.setattr(
        window_actions.QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()) or False
    )
    p = program(demo)
    p.shown(0, 0)
    p.run("show_about")
    assert "Affero" in shown[-1]
    assert str(log.default_folder()) in shown[-1]
    p.run("show_log")
    assert shown[-2:] == [str(log.default_folder())] * 2, "where nothing can open a folder its name is shown"


def test_a_task_is_named_by_its_id_and_its_link_leads_there(program: Start, examples: Path, standins: Path) -> None:
    second = "4eb2f80599b642c9bdfb26bf"
    p = program(examples, assets_dir=standins, asset=second)
    p.shown(27, 0)
    assert p.session.task is not None
    assert p.session.task.task_id == second
    p.run("copy_link")
    assert f"--asset {second}" in QGuiApplication.clipboard().text()
