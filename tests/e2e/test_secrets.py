"""Signatures of links appear nowhere: not in the window, not in a file that the program writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from tests.e2e.conftest import Program
from tests.make import every_kind, standins
from viewer import log
from viewer.ui.inspector.panel import TABS
from viewer.ui.page_texts import card_text

CANARY = "canary5ecret0f51gnature"
QUERY = f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=120000&X-Amz-Date=20240902T101500Z&X-Amz-Signature={CANARY}"


ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.StatusTipRole,
)  # fmt: skip
GETTERS = ("text", "toPlainText", "placeholderText", "title", "currentText", "labelText", "whatsThis", "statusTip")


def texts_of(widget: QWidget) -> Iterator[str]:
    """Everything that a widget says: its texts, its tips, the rows of its list, its actions, its accessible self."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
    for name in GETTERS:
        value = getattr(widget, name, None)
        if callable(value):
            try:
                text = value()
            except TypeError:
                continue
            yield text if isinstance(text, str) else ""
    for action in widget.actions():
        yield from (action.text(), action.toolTip(), action.statusTip(), action.whatsThis())
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from rows_of(widget.model(), QModelIndex())


def rows_of(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    """What all rows of a list say."""
    flat = isinstance(model, QAbstractListModel)
    for row in range(model.rowCount(parent)):
        for column in range(1 if flat else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (str(model.data(index, role) or "") for role in ROLES)
            if not flat:
                yield from rows_of(model, index)


def spoken(thing: QAccessibleInterface | None, depth: int = 0) -> Iterator[str]:
    """What a screen reader says of a window and all that is in it."""
    if thing is None or not thing.isValid() or depth > 40:
        return
    yield from (thing.text(role) for role in (QAccessible.Text.Name, QAccessible.Text.Description,
                                              QAccessible.Text.Value, QAccessible.Text.Help))  # fmt: skip
    for n in range(min(thing.childCount(), 500)):
        yield from spoken(thing.child(n), depth + 1)


def said_by(p: Program) -> list[str]:
    """All of the program that can be read, drawn or heard now."""
    w = p.window
    found = [text for widget in QApplication.allWidgets() for text in texts_of(widget)]
    found += spoken(QAccessible.queryAccessibleInterface(w))
    found += [*p.told, QGuiApplication.clipboard().text(), *map(str, w.canvas.message or ())]
    found += [repr(card) for card in w.timeline.cards]
    for object_id in ("object0", "object1", "r1"):
        found.append(repr(card_text(p.session.scene, object_id)))
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return every_kind.write_files(tmp_path_factory.mktemp("files"))


@pytest.mark.parametrize("state", ["none", "refused", "empty", *every_kind.KINDS])
def test_no_state_of_the_window_shows_a_signature(
    program: Callable[..., Program], files: Path, tmp_path: Path, state: str
) -> None:
    """Links stand in every text of the export; what is left of them where they are shown has no query."""
    path = tmp_path / "export.json"
    asset = every_kind.KINDS.index(state) if state in every_kind.KINDS else None
    every_kind.write_export(path, query=QUERY)
    if asset is None:
        path.write_text(json.dumps({"thing": f"https://bucket.example.com/p/one.png{QUERY}"}))
    if state == "empty":
        path.write_text("[]")
    p = program(None if state == "none" else path, asset=None if asset is None else str(asset), assets_dir=files,
                offline=True)  # fmt: skip
    w = p.window
    seen: list[str] = []
    if state == "refused":
        p.wait(lambda: w.canvas.message is not None)
    elif asset is None:
        p.wait(lambda: state == "none" or (p.session.export is not None and p.session.export.complete))
    else:
        p.listed(len(every_kind.KINDS))
        p.wait(lambda: p.session.asset is not None and p.session.scene is not None)
        p.wait(lambda: w.canvas.content is not None or w.canvas.message is not None)
        seen += said_by(p)
        assert any("bucket.example.com" in text for text in seen)  # the links are there, without their query
        p.run("next_object")
        for group in w.inspector.labels.model.listing.groups:
            w.inspector.labels.model.set_open(group, True)
        w.inspector.labels.group_by("person")
        seen += said_by(p)
        for stage in range(3):
            p.run(f"stage_{stage + 1}")
            p.wait(lambda: p.session.scene is not None)
            seen += said_by(p)
        for name in ("copy_json", "copy_link"):
            p.run(name)
            seen += said_by(p)
        for tab in TABS:
            w.inspector.show_tab(tab)
            QApplication.processEvents()
            seen += said_by(p)
    for typed in ("", ">", "bucket", "@", ":1", "#1"):
        w.palette_.open(typed)
        seen += said_by(p)
    w.palette_.dismiss()
    assert len(seen) > 300
    assert not {text for text in seen if CANARY in text or "X-Amz" in text}


def test_no_signature_is_shown_or_written(program: Callable[..., Program], tmp_path: Path, isolated_home: Path) -> None:
    log.setup()
    url = f"https://bucket.example.com/p/one.png{QUERY}"
    path = tmp_path / "in" / "export.json"
    path.parent.mkdir()
    path.write_text(
        json.dumps(
            [
                {"asset": url, "externalId": "one.png", "metadata": {"width": 80, "height": 60, "link": url},
                 "contextData": {"where": url},
                 "task": {"taskId": "t1", "brushDataUrl": url, "tools": [
                     {"point": [5, 6], "objectId": "o1", "schemaId": "s", "title": "x", "note": url,
                      "classifications": [{"tool": "upload-box", "title": "photo", "answer": [url]}]}]}},
                {"asset": url.replace("one", "two"), "externalId": url.replace("one", "two"),
                 "task": {"taskId": "t2", "tools": []}},
            ]
        )
    )  # fmt: skip
    pictures = tmp_path / "pictures"
    standins.picture(pictures / "one.png", (80, 60))
    cache = tmp_path / "cache"
    p = program(path, assets_dir=pictures, cache_dir=cache)
    p.shown(0, 0)
    p.run("next_object")
    for tab in TABS:
        p.window.inspector.show_tab(tab)
    p.run("copy_json")
    copied = QGuiApplication.clipboard().text()
    p.listed(2)
    p.session.open_asset(1)
    p.words("expired")
    seen = [*said_by(p), copied]
    assert not [text for text in seen if CANARY in text]
    p.close()
    log.shutdown()
    written = [file for folder in (isolated_home, cache) for file in folder.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if CANARY.encode() in file.read_bytes() or CANARY in file.name]
