import json
from pathlib import Path

import pytest

from viewer.export import Export
from viewer.export.parse import parse_asset
from viewer.fetch.renewing import Asked
from viewer.ui.fresh_links.asking import Question, links_of, links_of_all, project_in, project_of

SIGNED = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240902T101500Z&X-Amz-Expires=120000&X-Amz-Signature=canarySig"
BUCKET = "https://bucket.example.com"
PROJECT = "64e8a0b2c3d4e5f607182930"


def asset(**members: object) -> bytes:
    return json.dumps({"externalId": "a", "task": {"taskId": "t", "tools": []}, **members}).encode()


def asked(raw: bytes) -> list[tuple[str, str]]:
    return [(one.url.partition("?")[0].removeprefix(BUCKET), one.kind) for one in links_of(parse_asset(raw, index=3))]


def test_files_and_masks_of_all_stages_each_once() -> None:
    def mask(name: str) -> str:
        return f"{BUCKET}/{name}.png{SIGNED}"

    history = [
        {
            "stage": stage,
            "stageId": stage,
            "completedAt": "2026-01-01T00:00:00Z",
            "tools": [],
            "brushDataUrl": mask("b1"),
        }
        for stage in ("Label", "Review")
    ]
    task = {"taskId": "t", "tools": [], "stageHistory": history, "brushDataUrl": mask("b2"),
            "medicalBrushDataUrl": mask("m")}  # fmt: skip
    found = asked(asset(asset=mask("a"), task=task))
    assert found[0] == ("/a.png", "assets")
    assert sorted(found[1:]) == [("/b1.png", "brushes"), ("/b2.png", "brushes"), ("/m.png", "medicalBrushes")]


def test_every_file_of_a_dataset() -> None:
    urls = [f"{BUCKET}/{n}.png{SIGNED}" for n in range(3)]
    assert asked(asset(dataset=urls)) == [(f"/{n}.png", "assets") for n in range(3)]
    assert {one.asset for one in links_of(parse_asset(asset(dataset=urls), index=3))} == {3}


@pytest.mark.parametrize(
    "url", ["media/a.png", "file:///a.png", "s3://bucket/a.png", "Hello", "https://open.example.com/get?file=7", ""]
)
def test_what_no_hub_signs_is_not_asked_for(url: str) -> None:
    assert asked(asset(asset=url)) == []


def test_an_unsigned_link_of_a_private_store() -> None:
    assert asked(asset(asset=f"{BUCKET}/a.png")) == [("/a.png", "assets")]


def test_the_asset_shown_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([json.loads(asset(asset=f"{BUCKET}/{n}.png", externalId=str(n))) for n in range(4)]))
    with Export.open(path, cache_dir=tmp_path / "cache").read() as export:
        names = [[one.url[-5:-4] for one in links] for links in links_of_all(export, 2)]
        assert names == [["2"], ["3"], ["0"], ["1"]]
        assert len(list(links_of_all(export, None))) == 4
        assert len(list(links_of_all(export, 99))) == 4
        asked_twice = iter([False, False, True])
        assert len(list(links_of_all(export, 0, cancelled=lambda: next(asked_twice)))) == 2


def test_a_damaged_asset_has_none(tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    path.write_bytes(asset(asset=f"{BUCKET}/a.png") + b'\n{"asset": }}}{{{ [\n' + asset(asset=f"{BUCKET}/b.png"))
    with Export.open(path, cache_dir=tmp_path / "cache").read() as export:
        found = [one.url for links in links_of_all(export, 0) for one in links]
    assert found == [f"{BUCKET}/a.png", f"{BUCKET}/b.png"]


def test_the_project_is_in_the_export_or_it_is_not() -> None:
    assert project_of(parse_asset(asset(asset=f"{BUCKET}/{PROJECT}/assets/x.png{SIGNED}"), index=0)) == PROJECT
    assert project_of(parse_asset(asset(dataset=[f"{BUCKET}/{PROJECT}/assets/x.png"]), index=0)) == PROJECT
    assert project_of(parse_asset(asset(asset=f"{BUCKET}/x.png", projectId=PROJECT), index=0)) == PROJECT
    assert project_of(parse_asset(asset(asset=f"{BUCKET}/x.png{SIGNED}&p=/{PROJECT}/assets/"), index=0)) == ""
    assert project_of(parse_asset(asset(asset=f"{BUCKET}/x.png", projectId={"a": 1}), index=0)) == ""
    assert project_of(parse_asset(asset(asset="text"), index=0)) == ""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (PROJECT, PROJECT),
        (f"  {PROJECT}\n", PROJECT),
        (f"https://hub.ango.ai/projects/{PROJECT}/tasks?x=1", PROJECT),
        ("my-project_7", "my-project_7"),
        ("", ""),
        ("two words", ""),
        ("https://hub.ango.ai/projects", ""),
        ("x" * 65, ""),
    ],
)
def test_ids_as_people_copy_them(typed: str, found: str) -> None:
    assert project_in(typed) == found


def test_no_secret_is_in_a_repr() -> None:
    assert "canary" not in repr(Question("https://hub.example.org", PROJECT, "canaryKey", "all"))
    assert "canary" not in repr(Asked(f"{BUCKET}/a{SIGNED}", "assets", 0))
