"""What is offered where there is no picture, by the kind of failure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, get_args

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from viewer.errors import DECODE_CODES, DecodeError, FetchError
from viewer.model import AssetKind
from viewer.resources import path
from viewer.ui.failures import Failure, failure_of
from viewer.ui.scene import DRAWN_KINDS
from viewer.ui.ways_out import ELSEWHERE, LOOKS, PASSING, WaysOut, words_of

FETCH_CODES = ("expired", "refused", "gone", "offline", "timeout", "policy", "not-found", "too-large", "server",
               "cancelled", "disk", "no-address", "private-host")  # fmt: skip


class Actions(QObject):
    """The table, as far as it is asked here."""

    def key_of(self, action: str) -> str:
        return {"look_in_folder": "Ctrl+L", "retry": "F5"}.get(action, "")

    has_hub_key = False

    def __getattr__(self, name: str) -> Any:
        return lambda: name


def offered(code: str, kind: str = "image", *, can_retry: bool = True) -> list[tuple[str, bool]]:
    """(text, whether it is a row) of what is offered."""
    asset = SimpleNamespace(name="site/lot_0231.jpg", kind=kind)
    loader = SimpleNamespace(can_show_blind=kind in DRAWN_KINDS)
    session = SimpleNamespace(asset=asset, loader=loader, retry=print, show_blind=repr)
    found = WaysOut(session, Actions()).of(Failure("Title", "Text", code, can_retry))  # type: ignore[arg-type]
    return [(way.text, bool(way.line)) for way in found]


def test_an_expired_link(qapp: QApplication) -> None:
    assert offered("expired") == [
        ("Look in a folder…", True), ("Get fresh links…", True), ("Locate file…", True),
        ("Show the labels without the picture", False),
        ("Try again", False),
    ]  # fmt: skip


@pytest.mark.parametrize("code", PASSING)
def test_what_passes_is_tried_again_first(qapp: QApplication, code: str) -> None:
    assert offered(code)[0] == ("Try again", True)
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
