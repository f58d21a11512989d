"""All texts can be translated: lupdate finds them, the table's too; a file for the system's language is loaded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from tests.conftest import DATA
from tests.make.assets import examples
from viewer.export.parse import parse_asset
from viewer.tools import TOOLS
from viewer.ui import actions, translation

ROOT = DATA.parent.parent


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Context -> texts that a translator gets."""
    target = tmp_path_factory.mktemp("ts") / "all.ts"
    subprocess.run([sys.executable, str(ROOT / "packaging" / "translate.py"), str(target)], check=True, timeout=120)
    contexts: dict[str, set[str]] = {}
    for context in ET.parse(target).iter("context"):
        name = context.findtext("name") or ""
        contexts.setdefault(name, set()).update(m.findtext("source") or "" for m in context.iter("message"))
    return contexts


@cache
def table() -> frozenset[str]:
    records = {text for record in actions.ACTIONS for text in (record.text, record.tip, record.group) if text}
    return frozenset(records | set(actions.WHY.values()) | {str(record.menu) for record in actions.ACTIONS})


def test_texts_of_widgets_are_found(found: dict[str, set[str]]) -> None:
    assert "Open an export from Ango Hub" in found["StartPage"]
    assert "Clear filters" in set().union(*found.values())
    assert len(set().union(*found.values())) > 300


def test_sentences_on_the_canvas_and_names_of_fields_are_found(found: dict[str, set[str]]) -> None:
    assert "The file is gone from the server" in found["failures"]
    assert "It was valid until {0} and the file is not in the cache." in found["failures"]
    names = {
        re.sub(r" \d+$", "", name)
        for n, raw in enumerate(examples())
        for snapshot in parse_asset(json.dumps(raw).encode(), index=n).tasks[0].snapshots
        for annotation in snapshot.labels.annotations
        if annotation.key in {tool.KEY for tool in TOOLS}
        for name, _ in annotation.tool.fields()
    }
    assert len(names) > 15
    assert names - {re.sub(r" \d+$", "", text) for text in found[""]} <= {"Corner"}


def test_every_text_of_the_table_of_actions_is_found(found: dict[str, set[str]]) -> None:
    assert table() - found["actions"] == set()


class Reversed(QTranslator):
    """Every text of the table, backwards."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:  # type: ignore[override]
        return text[::-1] if context == "actions" else None  # "" would be a translation

    def isEmpty(self) -> bool:
        return False


def test_the_table_is_translated_under_its_context(qapp: QApplication) -> None:
    translator = Reversed()
    QCoreApplication.installTranslator(translator)
    try:
        assert actions.tr("Open export…") == "…tropxe nepO"
    finally:
        QCoreApplication.removeTranslator(translator)


def test_a_file_of_the_language_is_loaded_and_none_is_no_harm(qapp: QApplication, tmp_path: Path) -> None:
    assert translation.load(qapp, QLocale("de_DE"), tmp_path) is None
    source = tmp_path / "ango-viewer_de.ts"
    source.write_text(
        '<?xml version="1.0"?><TS version="2.1" language="de"><context><name>actions</name><message>'
        "<source>Quit</source><translation>Beenden</translation></message></context></TS>",
        encoding="utf-8",
    )
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    if not tool.exists():
        pytest.skip("pyside6-lrelease is not installed beside this Python")
    subprocess.run([str(tool), str(source)], check=True, capture_output=True, timeout=60)
    loaded = translation.load(qapp, QLocale("de_DE"), tmp_path)
    assert loaded is not None
    try:
        assert actions.tr("Quit") == "Beenden"
    finally:
        qapp.removeTranslator(loaded)
