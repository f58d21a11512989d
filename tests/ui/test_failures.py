"""Words for what went wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from viewer.errors import DecodeError, ExportError, FetchError, WorkerError
from viewer.export.parse import parse_asset
from viewer.ui.failures import failure_of, not_drawn


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (FetchError("It ended.", code="expired"), "The link to this picture expired"),
        (FetchError("Gone.", code="gone"), "The file is gone from the server"),
        (FetchError("?", code="something new"), "The file could not be fetched"),
        (WorkerError("It stopped (signal 11). Labels are kept."), "The decoder stopped"),
        (DecodeError("Locked.", code="Encrypted"), "This file needs a password"),
        (DecodeError("Cut.", code="Corrupt"), "This page could not be shown"),
        (ExportError("No."), "This asset could not be shown"),
    ],
)
def test_the_sentence_of_an_error_stands_below_its_title(error: Exception, title: str) -> None:
    failure = failure_of(error, None)
    assert (failure.title, failure.text) == (title, str(error))


def test_a_defect_of_the_program_names_the_asset_and_the_log(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    asset = parse_asset(json.dumps(json.loads((data / "ango-examples.json").read_text())[0]).encode(), index=0)
    failure = failure_of(ValueError("secret text"), asset)
    assert "01-image-all-tools.png" in failure.text
    assert "secret text" not in failure.text
    assert "unexpected" in caplog.text


def test_kinds_without_pages_say_what_is_listed(data: Path) -> None:
    listed = json.loads((data / "ango-examples.json").read_text())
    link = not_drawn(parse_asset(json.dumps(listed[21]).encode(), index=21))
    assert "web page" in link.title
    text = not_drawn(parse_asset(json.dumps(listed[10]).encode(), index=10))
    assert text.title == "Texts can't be shown yet"
    assert "5 labels" in text.text
    assert not text.can_retry
