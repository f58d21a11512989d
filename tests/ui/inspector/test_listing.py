from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.make.assets import parsed
from tests.make.inspected import answer, box, image, scene_of, video_of
from viewer.model import Asset
from viewer.tracks import timeline
from viewer.ui.inspector.listing import Grouping, first_answer, list_page, list_pages, list_tracks, searched
from viewer.ui.inspector.names import Names


def listed(asset: Asset, grouping: Grouping = "class", page: int = 0):
    labels = asset.tasks[0].current.labels
    tracked = asset.kind == "video"
    line = timeline(labels, tracked=tracked)
    names = Names(line, labels.relations)
    if grouping == "track":
        return list_tracks(line, labels.relations, names)
    if grouping == "page":
        return list_pages(line, labels.relations, names)
    return list_page(scene_of(asset, page).placed, labels.relations, grouping, names, tracked=tracked)


def test_by_class(asset: Asset) -> None:
    found = listed(asset)
    assert [(g.title, list(g.members), g.hide_by) for g in found.groups] == [
        ("Car", [0, 1], ("class", "schema-Car")), ("Tree", [2], ("class", "schema-Tree")), ("Relations", [3], None),
    ]  # fmt: skip
    assert found.title(0) == "Car"
    assert found.detail(0) == "#1 · parked"
    assert found.detail(2) == ""
    assert found.detail(3) == "Car #2 → Car #1"
    assert found.person(0) == "mert.aydin@example.com"


def test_by_tool_and_person(asset: Asset) -> None:
    assert [(g.title, g.hide_by) for g in listed(asset, "tool").groups[:2]] == [
        ("Box", ("tool", "bounding-box")), ("Polygon", ("tool", "polygon")),
    ]  # fmt: skip
    assert [g.title for g in listed(asset, "person").groups] == ["mert.aydin", "Relations"]


def test_by_page() -> None:
    found = listed(parsed(image(box("a", "Car", page=0), box("b", "Car", page=2), box("c", "Car", page=2))), "page")
    assert [(g.title, len(g.members), g.page) for g in found.groups] == [("Page 1", 1, 0), ("Page 3", 2, 2)]
    assert found.page(1) == 2


def test_by_track_with_the_entry_of_the_page() -> None:
    found = listed(video_of(3, pages=9), "track")
    assert [len(g.members) for g in found.groups] == [2, 2, 2]
    assert found.groups[0].hide_by == ("object", "v0000000")
    assert found.title(1) == "Page 9"
    found.open_page = 5
    assert found.find("v0000001") == 2
    found.open_page = 8
    assert found.find("v0000001") == 3
    assert found.find("none") is None


def test_states_of_tracks() -> None:
    asset = video_of(3, pages=9)
    found = listed(asset, page=4)
    assert [found.state(i) for i in range(3)] == ["interpolated"] * 3
    assert "between keys" in found.detail(0)
    assert listed(asset, page=8).state(0) == "key"


def test_the_next_page_of_the_same_tracks_replaces_states_only() -> None:
    asset = video_of(3, pages=9)
    found = listed(asset, page=4)
    assert found.replace(scene_of(asset, 5).placed)
    assert found.entries[0] is not listed(asset, page=4).entries[0]
    assert not found.replace(scene_of(asset, 8).placed)  # other entries: key frames
    assert not found.replace(scene_of(asset, 5).placed[:2])


def test_relations_stay_when_states_are_replaced(asset: Asset) -> None:
    found = listed(asset)
    assert found.replace(scene_of(asset).placed)
    assert found.object_id(3) == "rel1"


def test_first_answer() -> None:
    def text(*answers):
        return first_answer(parsed(image(box("a", "Car", classifications=list(answers)))).tasks[0]
                            .current.labels.annotations[0].classifications)  # fmt: skip

    assert text(answer("Occluded", "no"), answer("State", "x")) == "Occluded no"
    assert text(answer("State", ""), answer("Type", ["van"])) == "van"
    assert text() == ""


def test_the_filter_looks_at_title_number_answers_and_id(asset: Asset) -> None:
    found = listed(asset)
    text = searched(found.entries[0], found.names)
    assert all(word in text for word in ("car", "#1", "parked", "left", "car1"))


@given(st.lists(st.sampled_from(("Car", "Tree", "Van", "")), max_size=12), st.sampled_from(("class", "tool", "person")))
def test_every_label_is_in_exactly_one_group(titles: list[str], grouping: Grouping) -> None:
    made = parsed(image(*(box(f"o{n}", title) for n, title in enumerate(titles))))
    found = listed(made, grouping)
    assert sorted(at for group in found.groups for at in group.members) == list(range(found.count))
