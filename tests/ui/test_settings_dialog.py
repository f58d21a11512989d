"""Settings are changed in the dialog and saved; keys in their editor, with what was taken from whom."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.settings import SettingsFile
from viewer.ui.actions import ACTIONS
from viewer.ui.find.cheat_sheet import CheatSheet, keys_text
from viewer.ui.key_editor import KeyEditor
from viewer.ui.settings_dialog import SettingsDialog
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.fields import ChoiceField, StepField, TickField


def test_what_is_saved_is_read_again(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    dialog = SettingsDialog(SettingsFile(path))
    qtbot.addWidget(dialog)
    theme = dialog.findChild(ChoiceField, "theme")
    motion = dialog.findChild(TickField, "motion")
    rate = dialog.findChild(StepField, "frames_per_second")
    assert theme is not None
    assert motion is not None
    assert rate is not None
    theme.choose("light")
    motion.setChecked(False)
    rate.setText("12.5")
    save = dialog.findChild(AnswerRow)
    assert save is not None
    save.accepted.emit()
    again = SettingsFile(path).settings
    assert (again.theme, again.motion, again.hop, again.frames_per_second) == ("light", False, 10, 12.5)


def test_a_new_key_is_taken_from_whoever_had_it(qtbot: QtBot, tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.json")
    editor = KeyEditor(settings)
    qtbot.addWidget(editor)
    at = next(i for i, record in enumerate(ACTIONS) if record.id == "fit")
    editor.table.selectRow(at)
    editor.edit.setKeySequence(QKeySequence("Ctrl+K"))
    editor.put.click()
    assert "Find" in editor.told.text()
    assert editor.keys()["fit"] == ("Ctrl+K",)
    assert editor.keys()["show_palette"] == ()
    editor.reset.click()
    assert "Ctrl+K" in editor.keys()["show_palette"]
    editor.map.choose("cvat")
    assert "F" in editor.keys()["next_page"]
    editor._save()
    assert SettingsFile(tmp_path / "settings.json").settings.key_map == "cvat"


def test_the_sheet_of_keys_shows_what_is_looked_for(qtbot: QtBot) -> None:
    sheet = CheatSheet()
    qtbot.addWidget(sheet)
    sheet.field.setText("palette")
    sheet.field.setText("zoom in")
    assert not sheet.grab().isNull()
    assert keys_text(next(record.shortcuts for record in ACTIONS if record.id == "zoom_in")).startswith("+")


def test_the_sheet_of_keys_has_the_keys_in_use_and_says_what_cannot_be_done(qtbot: QtBot) -> None:
    keys: dict[str, tuple[str, ...]] = {record.id: () for record in ACTIONS}
    keys |= {"retry": ("Ctrl+J",), "fit": ("Ctrl+9",)}
    sheet = CheatSheet(keys=keys, why={"retry": "Nothing has failed"})
    qtbot.addWidget(sheet)
    lines = {widget.accessibleName() for widget in sheet.findChildren(QWidget)} - {""}
    assert {"Try again – Nothing has failed: Ctrl+J", "Fit: Ctrl+9"} <= lines
    assert not [line for line in lines if "F5" in line]
    sheet.field.setText("ctrl+j")
    shown = [widget for widget in sheet._area.widget().findChildren(QWidget) if ": " in widget.accessibleName()]
    assert [widget.accessibleName() for widget in shown] == ["Try again – Nothing has failed: Ctrl+J"]
