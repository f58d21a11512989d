"""Words for what went wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from viewer.errors import DecodeError, ExportError, FetchError, WorkerError
from viewer.export.parse import parse_asset
from viewer.fetch.presign import in_words
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


def test_since_when_a_link_is_dead_and_what_is_there_all_the_same(data: Path) -> None:
    asset = parse_asset(json.dumps(json.loads((data / "ango-examples.json").read_text())[0]).encode(), index=0)
    ends = datetime.now(UTC) - timedelta(days=3, hours=1)
    failure = failure_of(FetchError("It ended.", code="expired", ends=ends, answer="HTTP 403 · AccessDenied"), asset)
    assert failure.title == "The link to this picture expired 3 days ago"
    assert in_words(ends) in failure.text
    assert f"{asset.tasks[0].current.labels.count} labels and their history are complete" in failure.text
    assert failure.technical == "HTTP 403 · AccessDenied"
    ahead = failure_of(FetchError("It ended.", code="expired", ends=datetime.now(UTC) + timedelta(hours=2)), None)
    assert ahead.title == "The link to this picture expired", "a server whose clock is ahead is right"


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
