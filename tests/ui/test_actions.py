"""The table of actions: every id can be done, texts follow the rules."""

from __future__ import annotations

import re

import pytest

from viewer.ui.actions import ACTIONS, WHY, Action, Needs
from viewer.ui.changes.stepping import ChangeSteps
from viewer.ui.comparing import Comparing
from viewer.ui.main_window import MainWindow
from viewer.ui.missing.steps import MissingSteps
from viewer.ui.session import Session
from viewer.ui.whole_export import WholeExport
from viewer.ui.window_actions import MENUS, WindowActions

OWNERS = (Session, Comparing, ChangeSteps, WholeExport, MissingSteps, MainWindow, WindowActions)

ASKS = {
    "choose_export", "choose_other_export", "choose_issues", "choose_ontology", "locate_file", "look_in_folder",
    "open_newer_export",
    "save_picture", "ask_page", "get_fresh_links",
    "show_palette", "edit_keys", "edit_settings", "edit_cache",
}  # fmt: skip
"""Those that open something to answer in."""


@pytest.mark.parametrize("record", ACTIONS, ids=lambda record: record.id)
def test_every_action_is_a_method(record: Action) -> None:
    assert any(callable(getattr(owner, record.call, None)) for owner in OWNERS), record.call
    if record.checked:
        assert any(hasattr(owner, record.checked) for owner in OWNERS) or record.checked == "is_looping"
    assert record.menu in MENUS
    assert not record.needs or record.needs in WHY


def test_ids_are_unique() -> None:
    ids = [record.id for record in ACTIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("record", ACTIONS, ids=lambda record: record.id)
def test_texts_are_sentences_and_dots_mean_a_question(record: Action) -> None:
    assert record.text[0].isupper()
    assert not re.search(r"[.!]$", record.text)
    words = record.text.split()[1:]
    assert all(not word[0].isupper() or word.isupper() or word.rstrip("…:") in ("VOI", "JSON") for word in words)
    assert record.text.endswith("…") == (record.id in ASKS)


@pytest.mark.parametrize("needs", sorted({record.needs for record in ACTIONS if record.needs}))
def test_what_cannot_be_done_says_why(needs: Needs) -> None:
    """A sentence that stands alone in the palette, below a tooltip and behind a dash."""
    why = WHY[needs]
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Za-z ]+[a-zA-Z]", why)
    assert not re.search(r"please|error|sorry", why, re.IGNORECASE)


def test_no_reason_is_left_over() -> None:
    assert set(WHY) == {record.needs for record in ACTIONS if record.needs}
