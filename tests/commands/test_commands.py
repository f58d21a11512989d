"""The front of the command line: which command, which exit status, which stream; bad input in one sentence."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import box, image_asset
from viewer import __version__, log
from viewer.__main__ import main
from viewer.commands import COMMANDS

DEEP = 100_000


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"ango-viewer {__version__}\n"


@pytest.mark.parametrize("words", [["--help"], *([command.NAME, "--help"] for command in COMMANDS)])
def test_help(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    told = capsys.readouterr()
    assert "usage: ango-viewer" in told.out and told.err == ""


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(f"ango-viewer {command.NAME} " in told for command in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ["info"],
        ["render", "x.json"],
        ["render", "x.json", "--asset", "0"],
        ["render", "x.json", "--asset", "0", "--page", "one", "-o", "x.png"],
        ["render", "x.json", "--asset", "0", "--size", "0x10", "-o", "x.png"],
        ["render", "x.json", "--asset", "0", "--native", "--size", "10x10", "-o", "x.png"],
        ["render", "x.json", "--asset", "0", "--frame-map", "chance", "-o", "x.png"],
        ["validate", "x.json", "--loud"],
        ["one.json", "two.json"],
    ],
)
def test_a_wrong_command_line(cli, words):
    assert "--help` tells what there is." in cli(*words).sentence


BAD_FILES = {
    "empty": b"",
    "white space": b" \n\t ",
    "words": b"this is no JSON",
    "a number": b"17",
    "a text": b'"export"',
    "a web page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "random bytes": bytes(range(256)),
    "a ZIP without JSON": None,
    "a cut ZIP": None,
    "another JSON": b'{"name": "package", "version": "1"}',
}


@pytest.mark.parametrize("command", ["info", "validate", "render"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_no_export(cli, write, tmp_path, name, command):
    content = BAD_FILES[name]
    if content is None:
        packed = tmp_path / "packed.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("readme.txt", "words" * 100)
        content = packed.read_bytes()
        content = content[: len(content) // 2] if "cut" in name else content
    path = write(content)
    more = ["--asset", "0", "-o", tmp_path / "out.png"] if command == "render" else []
    sentence = cli(command, path, *more).sentence
    assert path.name in sentence
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("command", ["info", "validate"])
def test_a_missing_file_and_an_unreadable_place(cli, tmp_path, command):
    assert "missing.json" in cli(command, tmp_path / "missing.json").sentence
    assert cli(command, Path("/dev/null")).status == 2


def test_a_folder_holds_exactly_one_export(cli, write, tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    assert "project" in cli("info", folder).sentence
    write([image_asset()], "project/one.json")
    assert cli("info", folder, "--json").json["export"]["path"] == str(folder / "one.json")
    write([image_asset()], "project/two.json")
    sentence = cli("info", folder).sentence
    assert "one.json" in sentence and "two.json" in sentence


def test_a_cut_export_gives_what_stands_before_the_cut(cli, write):
    text = json.dumps([image_asset(), image_asset(), image_asset()])
    path = write(text[: text.rindex('"task"') + 40])
    told = cli("info", path, "--json")
    assert told.status == 0
    assert [asset["index"] for asset in told.json["assets"]][:2] == [0, 1]
    problem = told.json["problems"][-1]
    assert problem["severity"] == "error" and problem["offset"] is not None and problem["what"]
    assert cli("validate", path).status == 1


def test_nesting_without_end_costs_one_asset(cli, write):
    deep = "[" * DEEP + "]" * DEEP
    parts = [json.dumps(image_asset()), '{"asset": "a.png", "metadata": ' + deep + "}", json.dumps(image_asset())]
    path = write("[" + ",".join(parts) + "]")
    told = cli("info", path, "--json")
    assert told.status == 0 and len(told.json["assets"]) == 3
    assert {p["asset_index"] for p in told.json["problems"]} == {1}
    found = cli("validate", path)
    assert found.status == 1 and found.err == ""
    assert all(line.split("\t")[1] == "1" for line in found.out.splitlines())


def test_a_whole_file_of_nesting(cli, write):
    assert cli("info", write("[" * DEEP)).status in (0, 2)
    assert cli("info", write('{"a":' * DEEP)).status in (0, 2)


WRONG_VALUES = [None, True, -1, 1e308, "text", [], {}, [[]], [1, 2], {"a": 1}]


@pytest.mark.parametrize("value", WRONG_VALUES, ids=repr)
def test_wrong_types_in_every_field(cli, write, value):
    """Each field of a full asset in turn takes on a value that it should not have: nothing may fall over."""
    tool = box(1, 1, 5, 5) | {"metadata": {"createdAt": "x"}, "page": 0}
    history = [{"stage": "Label", "stageId": "Label", "duration": 1, "completedAt": "x", "tools": [tool]}]
    whole = image_asset(
        "a.png", tool, task={"stageHistory": history, "relations": [{"objectId": "r", "from": "o1", "to": "o1"}]}
    )
    assets = []
    for key in whole:
        assets.append({**whole, key: value})
    for key in whole["task"]:
        assets.append({**whole, "task": {**whole["task"], key: value}})
    for key in tool:
        assets.append(image_asset("a.png", {**tool, key: value}))
    for key in tool["bounding-box"]:
        assets.append(image_asset("a.png", {**tool, "bounding-box": {**tool["bounding-box"], key: value}}))
    for key in history[0]:
        assets.append(image_asset("a.png", task={"stageHistory": [{**history[0], key: value}]}))
    path = write(assets)
    told = cli("info", path, "--json")
    assert told.status == 0 and told.err == ""
    assert [asset["index"] for asset in told.json["assets"]] == list(range(len(assets)))
    found = cli("validate", path)
    assert found.status in (0, 1) and found.err == ""


def test_numbers_that_are_none(cli, write, page):
    text = json.dumps([image_asset("page.png", box(1, 1, 5, 5), box(7, 7, 3, 3, object_id="o2"))])
    for value in ("NaN", "Infinity", "-Infinity", "1e400", "1e308"):
        path = write(text.replace('"x": 1', f'"x": {value}'), f"{value}.json")
        told = cli("info", path, "--json")
        assert told.status == 0 and len(told.json["assets"]) == 1
        assert cli("validate", path).status == 1
        drawn = cli("render", path, "--asset", "0", "-o", page.parent / "out.png")
        assert drawn.status == 0, drawn


def test_names_that_would_break_a_terminal(cli, write):
    asset = image_asset() | {"externalId": "a\x1b[2Jb\nc\td\u202ee"}
    path = write([asset])
    listed = cli("info", path).out
    assert "\x1b" not in listed and "\u202e" not in listed and len(listed.splitlines()) == 2
    assert cli("info", path, "--json").json["assets"][0]["external_id"] == asset["externalId"]


@pytest.fixture
def log_of_the_process() -> Iterator[None]:
    """The log of the program is started by what is tested, and ends with the test."""
    root = logging.getLogger()
    level = root.level
    yield
    log.shutdown()
    root.setLevel(level)


@pytest.mark.usefixtures("log_of_the_process")
def test_an_unforeseen_failure_is_told_and_logged(cli, data, monkeypatch, isolated_home):
    from viewer.commands.info import InfoCommand

    def broken(_options: object) -> int:
        raise LookupError("https://bucket.example.com/a?X-Amz-Signature=canary")

    monkeypatch.setattr(InfoCommand, "run", staticmethod(broken))
    sentence = cli("info", data / "seed-sample.json").sentence
    assert sentence == "Something unexpected happened (LookupError). The log says more."
    logs = [path.read_text() for path in isolated_home.rglob("*") if path.is_file() and "log" in path.name]
    assert any("LookupError" in text for text in logs)
    assert not any("canary" in text for text in logs)


def test_no_display_is_a_sentence(process, data):
    assert "no display" in process(data / "seed-sample.json").sentence


def test_a_reader_that_goes_away_early_is_no_failure(write):
    path = write([image_asset() | {"externalId": f"{i:05}" * 40} for i in range(2000)])
    ran = subprocess.Popen(
        [sys.executable, "-m", "viewer", "info", str(path), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.stdout is not None and ran.stderr is not None
    ran.stdout.readline()
    ran.stdout.close()
    assert ran.stderr.read() == b""
    assert ran.wait(60) == 0
    ran.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output(data):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "viewer", "info", str(data / "ango-examples.json"), "--json"],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8", cwd=Path(__file__).parents[2],
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "ango-viewer: Standard output could not be read or written: No space left on device.\n"


def test_standard_output_closed_from_the_start(data):
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m viewer info "$1" >&-', sys.executable, str(data / "ango-examples.json")],
        stderr=subprocess.PIPE, encoding="utf-8", cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_module_runs_as_a_program(process, data):
    told = process("info", data / "seed-sample.json", "--json")
    assert told.status == 0 and told.err == ""
    assert told.json["export"]["generation"] == "v3"
