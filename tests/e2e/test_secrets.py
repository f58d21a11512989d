"""Signatures of links appear nowhere: not in the window, not in a file that the program writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QTreeWidget, QWidget

from tests.e2e.conftest import Program
from tests.make import standins
from viewer import log
from viewer.ui.inspector.panel import TABS

CANARY = "canary5ecret0f51gnature"
QUERY = f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=120000&X-Amz-Date=20240902T101500Z&X-Amz-Signature={CANARY}"


def texts_of(widget: QWidget) -> list[str]:
    """Everything that a widget says."""
    found = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
    for name in ("text", "toPlainText", "placeholderText", "title"):
        value = getattr(widget, name, None)
        if callable(value):
            try:
                text = value()
            except TypeError:
                continue
            found.append(text if isinstance(text, str) else "")
    if isinstance(widget, QTreeWidget):
        stack = [widget.topLevelItem(i) for i in range(widget.topLevelItemCount())]
        while stack:
            item = stack.pop()
            if item is not None:
                found += [item.text(c) for c in range(item.columnCount())]
                stack += [item.child(i) for i in range(item.childCount())]
    if isinstance(widget, QLabel | QPlainTextEdit):
        found.append(widget.objectName())
    return found


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
    seen = [text for widget in QApplication.allWidgets() for text in texts_of(widget)]
    seen += [copied, *p.told]
    assert not [text for text in seen if CANARY in text]
    p.close()
    log.shutdown()
    written = [file for folder in (isolated_home, cache) for file in folder.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if CANARY.encode() in file.read_bytes() or CANARY in file.name]
