"""What all commands share: the sentence for what they could not do, their options, JSON on any terminal."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path

import pytest

from viewer.commands import base
from viewer.errors import ExportError, FetchError, ViewerError
from viewer.fetch import Address, Sources


def test_a_wrong_command_line_is_told_in_one_sentence():
    parser = base.Parser(prog="ango-viewer test")
    parser.add_argument("--page", type=int)
    with pytest.raises(ViewerError) as caught:
        parser.parse_args(["--page", "x"])
    assert (
        str(caught.value) == "Argument --page: invalid int value: 'x'. `ango-viewer test --help` tells what there is."
    )


def test_options_of_commands_that_fetch(tmp_path):
    parser = argparse.ArgumentParser()
    base.add_fetch_options(parser)
    given = parser.parse_args(
        ["--offline", "--allow-private-hosts", "--cache-dir", str(tmp_path), "--assets-dir", "assets"]
    )
    assert given.offline and given.allow_private_hosts
    assert (given.cache_dir, given.assets_dir) == (tmp_path, Path("assets"))
    usual = parser.parse_args([])
    assert not usual.offline and not usual.allow_private_hosts


def test_an_export_is_read_to_its_end(data, tmp_path):
    parser = argparse.ArgumentParser()
    base.add_export(parser)
    options = parser.parse_args([str(data / "ango-examples.json")])
    options.cache_dir = tmp_path
    with base.open_export(options) as export:
        assert export.complete and len(export.rows) == 28
    options.export = tmp_path / "none.json"
    with pytest.raises(ExportError, match=r"none\.json"):
        base.open_export(options)


def test_bringing_now_gives_the_file_or_the_sentence(tmp_path):
    (tmp_path / "there.png").write_bytes(b"x")
    sources = Sources(tmp_path / "export.json", cache_dir=tmp_path / "cache", offline=True)
    bring = base.bring_now(sources)
    assert bring(Address(url="there.png")).result() == tmp_path / "there.png"
    assert isinstance(bring(Address(url="missing.png")).exception(), FetchError)
    sources.close()


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "é → 日"), ("cp1252", "\\u00e9"), ("ascii", "\\u65e5")])
def test_json_survives_every_encoding_of_standard_output(monkeypatch, encoding, shown):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    base.print_json({"name": "é → 日", "lone": "\udc80"})
    sys.stdout.flush()
    text = written.getvalue().decode(encoding)
    assert shown in text
    assert json.loads(text) == {"name": "é → 日", "lone": "\udc80"}
