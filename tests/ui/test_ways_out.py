"""What is offered where there is no picture, by the kind of failure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar, get_args

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from viewer.errors import DECODE_CODES, DecodeError, FetchError
from viewer.model import AssetKind
from viewer.resources import path
from viewer.ui.canvas.state_block import Way
from viewer.ui.failures import Failure, failure_of, private_host
from viewer.ui.scene import DRAWN_KINDS
from viewer.ui.ways_out import ELSEWHERE, LOOKS, PASSING, WaysOut, words_of

FETCH_CODES = ("expired", "refused", "gone", "offline", "timeout", "policy", "not-found", "too-large", "server",
               "cancelled", "disk", "no-address", "private-host")  # fmt: skip


class Actions(QObject):
    """The table, as far as it is asked here."""

    def key_of(self, action: str) -> str:
        return {"look_in_folder": "Ctrl+L", "retry": "F5"}.get(action, "")

    has_hub_key = False
    by_id: ClassVar[dict[str, object]] = {"edit_cache": None}

    def __getattr__(self, name: str) -> Any:
        return lambda: name


def ways(failure: Failure, kind: str = "image", others: int | None = None) -> list[Way]:
    asset = SimpleNamespace(name="site/lot_0231.jpg", kind=kind)
    loader = SimpleNamespace(can_show_blind=kind in DRAWN_KINDS)
    state = SimpleNamespace(place=SimpleNamespace(asset=0))
    session = SimpleNamespace(asset=asset, loader=loader, state=state, retry=print, show_blind=repr)
    out = WaysOut(session, Actions())  # type: ignore[arg-type]
    out.others = lambda index: others
    return out.of(failure)


def offered(code: str, kind: str = "image", *, can_retry: bool = True) -> list[tuple[str, bool]]:
    """(text, whether it is a row) of what is offered."""
    return [(way.text, bool(way.line)) for way in ways(Failure("Title", "Text", code, can_retry), kind)]


@pytest.mark.parametrize("code", ["expired", "refused", "gone"])
def test_a_dead_link(qapp: QApplication, code: str) -> None:
    assert offered(code) == [
        ("Open a newer export…", True), ("Look in a folder…", True), ("Get fresh links…", True),
        ("Show the labels without the picture", False), ("Try again", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("others", "line"),
    [
        (None, "Finds lot_0231.jpg and other missing files by name."),
        (0, "Finds lot_0231.jpg by its name."),
        (1, "Finds lot_0231.jpg and 1 other missing file by name."),
        (1411, "Finds lot_0231.jpg and 1,411 other missing files by name."),
    ],
)
def test_a_folder_may_have_other_files_too(qapp: QApplication, others: int | None, line: str) -> None:
    (folder,) = [way for way in ways(Failure("", "", "expired"), others=others) if way.text == "Look in a folder…"]
    assert folder.line == line
    assert folder.keys == "Ctrl+L"


def test_a_private_host_is_asked_about_and_the_answer_can_be_changed(qapp: QApplication) -> None:
    failure = failure_of(FetchError("No.", code="private-host", host="store.local", address="10.0.4.7"), None)
    assert failure.title == "This export wants a file from store.local (10.0.4.7), a private address"
    asked = ways(failure)
    assert [(way.text, way.line) for way in asked[:2]] == [
        ("Allow for this export", "Only allow servers that you know."),
        ("Don't fetch", "The picture stays away; its labels are complete."),
    ]
    said = private_host("10.0.4.7", "10.0.4.7", assets=412, is_refused=True)
    assert said.title == "Nothing is fetched from 10.0.4.7"
    assert said.text.endswith("412 assets of this export have files there.")
    assert [bool(way.line) for way in ways(said) if way.text == "Allow for this export"] == [False]
    assert "Don't fetch" not in [way.text for way in ways(said)]


@pytest.mark.parametrize("code", PASSING)
def test_what_passes_is_tried_again_first(qapp: QApplication, code: str) -> None:
    rows = [way for way in offered(code) if way != ("Clear cache…", True)]
    assert rows[0] == ("Try again", True)
    assert (offered(code)[0] == ("Clear cache…", True)) == (code == "disk")
    assert [text for text, _ in offered(code)].count("Try again") == 1


def test_a_pdf_has_a_second_engine_and_passwords(qapp: QApplication) -> None:
    assert offered("worker", "pdf")[:2] == [("Try again", True), ("Other engine", True)]
    assert ("Other engine", True) not in offered("worker", "video")
    assert offered("Encrypted", "pdf")[0] == ("Enter password…", True)


def test_nothing_is_offered_where_nothing_helps(qapp: QApplication) -> None:
    assert offered("Unsupported", "text", can_retry=False) == []
    assert offered("export") == [("Open export…", True)]
    assert "Show the labels without the picture" not in dict(offered("Unsupported", "audio"))


@pytest.mark.parametrize("kind", get_args(AssetKind))
@pytest.mark.parametrize("code", [*FETCH_CODES, *DECODE_CODES, "worker", "asset", ""])
def test_whatever_fails_there_is_a_row_or_a_link_and_an_icon(qapp: QApplication, code: str, kind: str) -> None:
    assert offered(code, kind)
    words = words_of(Failure("", "", code))
    assert path(f"icons/{words.icon}.svg").exists()


def test_every_code_that_is_named_exists() -> None:
    known = {*FETCH_CODES, *DECODE_CODES, "worker", "export", "link", "asset"}
    assert {*LOOKS, *ELSEWHERE, *PASSING} <= known
    assert failure_of(FetchError("Refused.", code="refused", answer="HTTP 403"), None).technical == "HTTP 403"
    assert failure_of(DecodeError("Cut."), None).technical == ""
