"""The dialog by mouse and keyboard: what it asks, what it refuses, where its keys go, and that it keeps no key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from viewer.fetch.hub import HOSTS
from viewer.fetch.hub_key import Kept
from viewer.ui.fresh_links.asking import Question
from viewer.ui.fresh_links.dialog import OTHER, WIDTH, FreshLinksDialog

PROJECT, KEY = "64e8a0b2c3d4e5f607182930", "canaryKeyInAField"
FIRST = HOSTS[0][0]


@pytest.fixture
def dialog(qtbot: QtBot) -> FreshLinksDialog:
    made = FreshLinksDialog(since="expired 3 days ago", name="lot_0231.jpg")
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.open()
    return made


def asked(dialog: FreshLinksDialog) -> list[Question]:
    found: list[Question] = []
    dialog.asked.connect(found.append)
    return found


def test_it_says_what_it_is_about(dialog: FreshLinksDialog) -> None:
    assert dialog.width() == WIDTH
    assert "expired 3 days ago" in dialog.why.text()
    assert dialog.kept.text() == "Kept in the system keyring, never in a file."
    assert not dialog.line.isVisible()
    assert not dialog.failure.isVisible()
    assert not dialog.forget.isVisible()
    assert dialog.key.echoMode() == QLineEdit.EchoMode.Password


def test_what_was_filled_in_is_asked(dialog: FreshLinksDialog) -> None:
    found = asked(dialog)
    dialog.begin()
    assert dialog.project.hasFocus()
    QTest.keyClicks(dialog.project, f"https://hub.ango.ai/projects/{PROJECT}")
    QTest.keyClicks(dialog.key, f" {KEY} ")
    dialog.scope.choose("asset")
    QTest.mouseClick(dialog.answers.yes, Qt.MouseButton.LeftButton)
    assert found == [Question(FIRST, PROJECT, KEY, "asset")]
    assert dialog.project.text() == PROJECT
    assert dialog.is_working
    assert dialog.line.isVisible()
    assert "imeritapi.ango.ai" in dialog.far.text()
    dialog._ask()
    assert len(found) == 1


@pytest.mark.parametrize("field", ["project", "key"])
def test_enter_is_the_answer(dialog: FreshLinksDialog, field: str) -> None:
    found = asked(dialog)
    dialog.project.setText(PROJECT)
    dialog.key.setText(KEY)
    QTest.keyClick(getattr(dialog, field), Qt.Key.Key_Return)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("host", "project", "key", "words", "focus"),
    [
        (FIRST, "", KEY, "wants to know the project", "project"),
        (FIRST, "two words", KEY, "wants to know the project", "project"),
        (FIRST, PROJECT, "", "The key is empty", "key"),
        (FIRST, PROJECT, "two words", "This is no key", "key"),
        ("http://hub.example.org", PROJECT, KEY, "would get the key unprotected", "address"),
        ("", PROJECT, KEY, "no address of a server", "address"),
    ],
)
def test_what_is_missing_is_told_where_it_is_missing(
    dialog: FreshLinksDialog, host: str, project: str, key: str, words: str, focus: str
) -> None:
    found = asked(dialog)
    if host != FIRST:
        dialog.host.choose(OTHER)
        dialog.address.setText(host)
    dialog.project.setText(project)
    dialog.key.setText(key)
    height = dialog.height()
    dialog.answers.yes.click()
    assert not found
    assert words in dialog.failure.text
    assert KEY not in dialog.failure.text
    assert getattr(dialog, focus).hasFocus()
    assert dialog.height() > height
    QTest.keyClicks(getattr(dialog, focus), "x")
    assert not dialog.failure.text
    assert dialog.height() == height


def test_another_server(dialog: FreshLinksDialog, qtbot: QtBot) -> None:
    found = asked(dialog)
    assert not dialog.address.isVisible()
    dialog.host.choose(OTHER)
    assert dialog.address.isVisible()
    assert dialog.address.hasFocus()
    with qtbot.waitSignal(dialog.host_chosen) as chosen:
        QTest.keyClicks(dialog.address, "hub.example.org:8443")
        QTest.keyClick(dialog.address, Qt.Key.Key_Tab)
    assert chosen.args == ["https://hub.example.org:8443"]
    dialog.project.setText(PROJECT)
    dialog.key.setText(KEY)
    dialog.answers.yes.click()
    assert found[0].host == "https://hub.example.org:8443"
    dialog.work_ended()
    dialog.use_host(HOSTS[2][0])
    assert not dialog.address.isVisible()
    dialog.use_host("http://127.0.0.1:9")
    assert dialog.host_address == "http://127.0.0.1:9"


def test_every_server_has_its_region(dialog: FreshLinksDialog) -> None:
    texts = [action.text() for action in dialog.host.menu().actions()]
    assert texts == [
        "Europe · imeritapi.ango.ai", "United States · us-api.ango.ai", "India · in-api.ango.ai",
        "Test · testapi.ango.ai", "Another server…",
    ]  # fmt: skip


def test_a_kept_key_is_used_and_shown_nowhere(dialog: FreshLinksDialog, qtbot: QtBot) -> None:
    found = asked(dialog)
    dialog.project.setText(PROJECT)
    dialog.show_key("https://elsewhere.example.org", "keyring", known=True)
    assert not dialog.forget.isVisible()  # of another server, which was chosen before
    dialog.show_key(FIRST, "keyring", known=True)
    assert dialog.key.text() == ""
    assert dialog.key.placeholderText() == "The one that is kept"
    dialog.begin()
    assert dialog.answers.yes.hasFocus()
    QTest.keyClick(dialog.answers.yes, Qt.Key.Key_Return)
    assert found == [Question(FIRST, PROJECT, "", "all")]
    dialog.work_ended("The server did not accept this key (401).")
    QTest.keyClicks(dialog.key, KEY)
    dialog.answers.yes.click()
    assert found[1].key == KEY
    dialog.work_ended()
    with qtbot.waitSignal(dialog.forget_wanted) as forgotten:
        dialog.forget.click()
    assert forgotten.args == [FIRST]
    assert dialog.key.text() == ""
    assert not dialog.forget.isVisible()
    dialog.answers.yes.click()
    assert "The key is empty" in dialog.failure.text


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("none", "No keyring was found on this computer: the key is kept until the program ends."),
        ("locked", "The keyring of this computer is locked: the key is kept until the program ends."),
        ("failed", "The keyring of this computer does not answer: the key is kept until the program ends."),
        ("", "Kept in the system keyring, never in a file."),
    ],
)
def test_where_a_key_is_kept(dialog: FreshLinksDialog, kept: Kept, words: str) -> None:
    dialog.show_key(FIRST, kept, known=False)
    assert dialog.kept.text() == words


def test_the_eye(dialog: FreshLinksDialog) -> None:
    dialog.key.setText(KEY)
    interface = QAccessible.queryAccessibleInterface(dialog.key)
    assert interface is not None
    assert KEY not in interface.text(QAccessible.Text.Value)
    dialog.eye.click()
    assert dialog.key.echoMode() == QLineEdit.EchoMode.Normal
    assert dialog.eye.accessibleName() == "Hide the key"
    dialog.project.setText(PROJECT)
    dialog.answers.yes.click()
    assert dialog.key.echoMode() == QLineEdit.EchoMode.Password  # nobody looks over a shoulder while it works


def test_esc_ends_first_the_work_then_the_dialog(dialog: FreshLinksDialog, qtbot: QtBot) -> None:
    dialog.project.setText(PROJECT)
    dialog.key.setText(KEY)
    dialog.answers.yes.click()
    assert dialog.answers.no.text() == "Stop"
    assert dialog.answers.no.hasFocus()
    with qtbot.waitSignal(dialog.stopped):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.work_ended("Stopped; the rest was not asked for.")
    assert dialog.answers.no.text() == "Cancel"
    assert dialog.project.isEnabled()
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.key.text() == ""


def test_progress(dialog: FreshLinksDialog) -> None:
    dialog.project.setText(PROJECT)
    dialog.key.setText(KEY)
    dialog.answers.yes.click()
    dialog.show_progress(0.25, "103 of 412 links")
    assert dialog.line.share == 0.25
    assert dialog.far.text() == "103 of 412 links"
    assert dialog.line.accessibleDescription() == "25%"
    dialog.accept()
    assert dialog.key.text() == ""


def test_it_may_go_on_without_the_dialog(dialog: FreshLinksDialog, qtbot: QtBot) -> None:
    assert not dialog.leave.isVisible()
    dialog.project.setText(PROJECT)
    dialog.key.setText(KEY)
    dialog.answers.yes.click()
    assert dialog.leave.isVisible()
    with qtbot.waitSignals([dialog.left, dialog.finished]), qtbot.assertNotEmitted(dialog.stopped):
        dialog.leave.click()
    assert not dialog.isVisible()


def test_what_goes_on_is_shown_again(dialog: FreshLinksDialog) -> None:
    dialog.resume(Question(HOSTS[1][0], PROJECT, KEY, "export"))
    assert dialog.is_working
    assert dialog.host.choice == HOSTS[1][0]
    assert dialog.scope.choice == "export"
    assert dialog.project.text() == PROJECT
    assert dialog.key.text() == ""


def test_what_will_be_asked(dialog: FreshLinksDialog) -> None:
    dialog.set_count("all", "824 links of 412 assets, one question each.")
    dialog.set_count("asset", "2 links.")
    assert dialog.count.text() == "824 links of 412 assets, one question each."
    dialog.scope.choose("asset")
    assert dialog.count.text() == "2 links."


def test_without_an_asset_all_are_meant(qtbot: QtBot) -> None:
    dialog = FreshLinksDialog()
    qtbot.addWidget(dialog)
    assert [action.text() for action in dialog.scope.menu().actions()] == [
        "All assets, link by link", "All assets, by a fresh export of the project",
    ]  # fmt: skip
    assert "expired" not in dialog.why.text()


def test_by_keyboard_alone_in_the_order_of_reading(dialog: FreshLinksDialog) -> None:
    dialog.show_key(FIRST, "keyring", known=True)
    dialog.host.setFocus()
    seen: list[QWidget] = []
    for _ in range(8):
        seen.append(dialog.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [dialog.host, dialog.project, dialog.key, dialog.eye, dialog.forget, dialog.scope,
                    dialog.answers.no, dialog.answers.yes]  # fmt: skip
    assert all(widget.accessibleName() for widget in seen)


def test_long_sentences_are_whole_and_fit_a_small_screen(dialog: FreshLinksDialog) -> None:
    long = "Der Schlüssel wurde von diesem Server nicht angenommen, weil er vielleicht falsch geschrieben wurde. " * 3
    dialog.host.choose(OTHER)
    dialog.show_key(FIRST, "failed", known=False)
    dialog.tell(long)
    words = dialog.failure.words
    assert words.height() >= words.heightForWidth(words.width())
    for label in (dialog.why, dialog.kept, words):
        assert dialog.rect().contains(label.mapTo(dialog, label.rect().bottomRight()))
    assert dialog.height() <= 660
