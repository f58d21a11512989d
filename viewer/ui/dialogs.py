"""The few places where an answer is needed before something can be done."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget


def ask_export(parent: QWidget) -> Path | None:
    """An export to open."""
    name, _ = QFileDialog.getOpenFileName(
        parent, parent.tr("Open an export"), "", parent.tr("Exports (*.json *.ndjson *.jsonl *.zip);;All files (*)")
    )
    return Path(name) if name else None


def ask_json(parent: QWidget, title: str) -> Path | None:
    """A JSON file beside the export."""
    name, _ = QFileDialog.getOpenFileName(parent, title, "", parent.tr("JSON (*.json *.ndjson);;All files (*)"))
    return Path(name) if name else None


def ask_file(parent: QWidget, title: str, folder: Path | None = None) -> Path | None:
    """Any file; the dialog begins in `folder`."""
    name, _ = QFileDialog.getOpenFileName(parent, title, "" if folder is None else str(folder))
    return Path(name) if name else None


def ask_folder(parent: QWidget, title: str) -> Path | None:
    """A folder."""
    name = QFileDialog.getExistingDirectory(parent, title)
    return Path(name) if name else None


def ask_target(parent: QWidget, title: str, suggested: str) -> Path | None:
    """Where to write a picture."""
    name, _ = QFileDialog.getSaveFileName(parent, title, suggested, parent.tr("PNG (*.png)"))
    return Path(name) if name else None


def ask_csv(parent: QWidget, title: str, suggested: str) -> Path | None:
    """Where to write a table."""
    name, _ = QFileDialog.getSaveFileName(parent, title, suggested, parent.tr("CSV (*.csv)"))
    return Path(name) if name else None


def ask_page(parent: QWidget, page: int, count: int) -> int | None:
    """A page; people count from 1, the answer from 0."""
    number, ok = QInputDialog.getInt(
        parent, parent.tr("Go to page"), parent.tr("Page, 1 to {0}").format(f"{count:,}"), page + 1, 1, count
    )
    return number - 1 if ok else None


def ask_password(parent: QWidget) -> str | None:
    """The password of a PDF; it is kept until the program ends."""
    text, ok = QInputDialog.getText(
        parent, parent.tr("Open a protected file"), parent.tr("Password"), QLineEdit.EchoMode.Password
    )
    return text if ok else None


def tell(parent: QWidget, title: str, text: str) -> None:
    """Something that was asked to be told."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    from PySide6.QtCore import Qt

    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.exec()
