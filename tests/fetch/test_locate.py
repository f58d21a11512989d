import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.fetch import locate
from viewer.fetch.locate import Address, Folder, chosen, kind_of, no_address


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


@pytest.fixture
def examples(data: Path) -> list[Any]:
    loaded: list[Any] = json.loads((data / "ango-examples.json").read_text())
    return loaded


def found(root: Path, address: Address) -> str | None:
    path = Folder(root).find(address)
    return path.relative_to(root).as_posix() if path else None


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (None, "none"),
        ("", "none"),
        ("  ", "none"),
        ("https://example.com/a.png", "web"),
        ("HTTP://example.com/a.png", "web"),
        ("https://example.com/a\x00", "web"),
        ("file:///a/b.png", "file"),
        ("images/a.png", "relative"),
        ("a b.png", "relative"),
        ("example-storage/scenes/0001", "relative"),
        ("/home/somebody/a.png", "absolute"),
        ("C:\\pictures\\a.png", "absolute"),
        ("\\\\server\\share\\a.png", "absolute"),
        ("~/a.png", "absolute"),
        ("s3://bucket/a.png", "storage"),
        ("gs://bucket/a.png", "storage"),
        ("data:image/png;base64,AAAA", "data"),
        ("ftp://example.com/a.png", "scheme"),
        ("# Prompt\n\nCompare **A**", "inline"),
        ("<html><body></body></html>", "inline"),
        ("# Title", "inline"),
        ("Note: compare both", "inline"),
        ('{"messages": []}', "inline"),
        ("word " * 300, "inline"),
    ],
)
def test_kinds(url: str | None, kind: str) -> None:
    assert kind_of(url) == kind


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        (None, "no-address", "no address for a.png"),
        ("# Prompt\n", "no-address", "in the export itself"),
        ("data:image/png;base64,AAAA", "no-address", "data address"),
        ("s3://bucket/key?X-Amz-Signature=CANARY", "no-address", "private store (s3://)"),
        ("ftp://user:CANARY@example.com/a", "no-address", "kind ftp:"),
        ("scenes/0001", "no-address", "a place in a store"),
        ("images/b.png", "not-found", "not in the export's folder"),
        ("/home/CANARY/a.png", "policy", "some computer"),
    ],
)
def test_why_there_is_nothing_to_fetch(url: str | None, code: str, words: str) -> None:
    error = no_address(Address(url=url, external_id="folder/a.png"))
    assert error.code == code
    assert words in str(error)
    assert "CANARY" not in str(error)


@given(st.none() | st.text(), st.none() | st.text())
def test_any_address_has_a_kind_a_name_and_a_sentence(url: str | None, external_id: str | None) -> None:
    address = Address(url=url, external_id=external_id)
    kind_of(url)
    assert address.name.isprintable()
    assert no_address(address).code in ("no-address", "policy", "not-found")


# Folders


def test_every_example_is_found_by_its_external_id(tmp_path: Path, examples: list[Any]) -> None:
    singles = [asset for asset in examples if not asset.get("dataset")]
    touch(tmp_path, *(asset["externalId"] for asset in singles))
    for asset in singles:
        assert found(tmp_path, Address(url=asset["asset"], external_id=asset["externalId"])) == asset["externalId"]


def test_every_example_is_found_by_the_base_name_of_its_external_id(tmp_path: Path, examples: list[Any]) -> None:
    singles = [asset for asset in examples if not asset.get("dataset")]
    touch(tmp_path, *("deep/" + asset["externalId"].split("/")[-1] for asset in singles))
    for asset in singles:
        expected = "deep/" + asset["externalId"].split("/")[-1]
        assert found(tmp_path, Address(url=asset["asset"], external_id=asset["externalId"])) == expected


def test_every_example_is_found_by_the_base_name_of_its_url(tmp_path: Path, examples: list[Any]) -> None:
    assets = [asset for asset in examples if asset["asset"].startswith("https://example-bucket")]
    touch(tmp_path, *{asset["asset"].partition("?")[0].rpartition("/")[2] for asset in assets})
    for asset in assets:
        name = asset["asset"].partition("?")[0].rpartition("/")[2]
        for k, url in enumerate(asset.get("dataset") or [asset["asset"]]):
            address = Address(url=url, external_id=asset["externalId"], part=k, parts=len(asset.get("dataset") or [1]))
            if url == asset["asset"]:
                assert found(tmp_path, address) == name


def dataset(asset: Any) -> list[Address]:
    count = len(asset["dataset"])
    return [
        Address(url=url, external_id=asset["externalId"], asset_key="k", part=k, parts=count)
        for k, url in enumerate(asset["dataset"])
    ]


def test_a_dataset_by_the_names_of_its_urls(tmp_path: Path, examples: list[Any]) -> None:
    multi, series = dataset(examples[8]), dataset(examples[16])
    touch(tmp_path, "aa09-0.jpg", "aa09-1.jpg", "aa09-2.jpg", "aa17/0001.dcm", "aa17/0002.dcm", "aa17/0003.dcm")
    touch(tmp_path, "other/0001.dcm")
    assert [found(tmp_path, address) for address in multi] == ["aa09-0.jpg", "aa09-1.jpg", "aa09-2.jpg"]
    assert [found(tmp_path, address) for address in series] == [f"aa17/000{k}.dcm" for k in (1, 2, 3)]


def test_a_dataset_in_the_folder_of_its_external_id(tmp_path: Path, examples: list[Any]) -> None:
    multi, series = dataset(examples[8]), dataset(examples[16])
    touch(tmp_path, *(f"17-GUESS-dicom-series/000{k}.dcm" for k in (1, 2, 3)), "0001.dcm", "x/0001.dcm")
    touch(tmp_path, "sub/09-multi-image/left.jpg", "sub/09-multi-image/middle.jpg", "sub/09-multi-image/right.jpg")
    assert [found(tmp_path, address) for address in series] == [f"17-GUESS-dicom-series/000{k}.dcm" for k in (1, 2, 3)]
    assert [found(tmp_path, address) for address in multi] == [
        f"sub/09-multi-image/{name}.jpg" for name in ("left", "middle", "right")
    ]


def test_a_dataset_by_order_is_in_natural_order_and_only_of_the_right_number(
    tmp_path: Path, examples: list[Any]
) -> None:
    series = dataset(examples[16])
    touch(tmp_path, *(f"17-GUESS-dicom-series/slice{k}.dcm" for k in (10, 2, 1)))
    assert [found(tmp_path, address) for address in series] == [
        f"17-GUESS-dicom-series/slice{k}.dcm" for k in (1, 2, 10)
    ]
    touch(tmp_path, "17-GUESS-dicom-series/slice11.dcm")
    assert [found(tmp_path, address) for address in series] == [None] * 3


def test_the_folder_of_a_dataset_may_be_named_itself(tmp_path: Path, examples: list[Any]) -> None:
    root = tmp_path / "17-GUESS-dicom-series"
    touch(root, "a.dcm", "b.dcm", "c.dcm")
    assert [found(root, address) for address in dataset(examples[16])] == ["a.dcm", "b.dcm", "c.dcm"]


def test_unrelated_files_of_the_right_number_are_not_taken_for_a_dataset(tmp_path: Path, examples: list[Any]) -> None:
    touch(tmp_path, "a.jpg", "b.jpg", "c.jpg")
    assert [found(tmp_path, address) for address in dataset(examples[8])] == [None] * 3


def test_a_brush_is_found_by_its_urls_name_and_not_by_its_asset(tmp_path: Path, examples: list[Any]) -> None:
    url = examples[2]["task"]["brushDataUrl"]
    touch(tmp_path, "03-image-brush.png")
    assert found(tmp_path, Address(url=url)) is None
    touch(tmp_path, "masks/aa03-brush.png")
    assert found(tmp_path, Address(url=url)) == "masks/aa03-brush.png"


def test_the_longest_common_path_decides_and_a_tie_is_nothing(tmp_path: Path) -> None:
    touch(tmp_path, "a/x/1.png", "b/x/1.png", "b/y/1.png")
    assert found(tmp_path, Address(url=None, external_id="b/x/1.png")) == "b/x/1.png"
    assert found(tmp_path, Address(url=None, external_id="data/y/1.png")) == "b/y/1.png"
    assert found(tmp_path, Address(url=None, external_id="data/x/1.png")) is None
    assert found(tmp_path, Address(url=None, external_id="1.png")) is None
    touch(tmp_path, "1.png")
    assert found(tmp_path, Address(url=None, external_id="1.png")) == "1.png"


def test_names_of_windows_and_of_a_mac(tmp_path: Path) -> None:
    touch(tmp_path, "sub/Käse.PNG")  # composed
    assert found(tmp_path, Address(url=None, external_id="C:\\export\\sub\\ka\u0308se.png")) == "sub/Käse.PNG"


def test_an_external_id_without_an_extension_finds_the_file_with_one(tmp_path: Path) -> None:
    touch(tmp_path, "sub/scan-7.dcm")
    assert found(tmp_path, Address(url=None, external_id="scan-7")) == "sub/scan-7.dcm"
    touch(tmp_path, "sub/scan-7.png")
    assert found(tmp_path, Address(url=None, external_id="scan-7")) is None


def test_an_external_id_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    touch(tmp_path, "secret.txt", "assets/a.png")
    for external_id in ("../secret.txt", str(tmp_path / "secret.txt"), "..\\secret.txt", ".", "..", "/"):
        assert found(tmp_path / "assets", Address(url=None, external_id=external_id)) is None


def test_links_to_files_count_and_loops_do_no_harm(tmp_path: Path) -> None:
    touch(tmp_path, "store/a.png", "assets/sub/b.png")
    (tmp_path / "assets" / "a.png").symlink_to(tmp_path / "store" / "a.png")
    (tmp_path / "assets" / "sub" / "loop").symlink_to(tmp_path / "assets")
    (tmp_path / "assets" / "dead.png").symlink_to(tmp_path / "nowhere")
    assert found(tmp_path / "assets", Address(url=None, external_id="a.png")) == "a.png"
    assert found(tmp_path / "assets", Address(url=None, external_id="b.png")) == "sub/b.png"
    assert found(tmp_path / "assets", Address(url=None, external_id="dead.png")) is None


def test_a_file_that_came_later_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    address = Address(url=None, external_id="deep/a.png")
    assert folder.find(address) is None
    touch(tmp_path, "other/a.png")
    monkeypatch.setattr("viewer.fetch.locate._RESCAN_S", -1.0)
    folder._cost = 0.0
    assert folder.find(address) == tmp_path / "other" / "a.png"


def test_a_missing_folder_holds_nothing(tmp_path: Path) -> None:
    assert found(tmp_path / "none", Address(url=None, external_id="a.png")) is None


@given(st.text(), st.text(), st.integers(1, 3))
def test_any_name_can_be_asked_for(external_id: str, url: str, parts: int) -> None:
    Folder(Path(__file__).parent).find(Address(url=url, external_id=external_id, parts=parts))


def test_a_choice_is_a_file_or_for_a_dataset_a_folder(tmp_path: Path, examples: list[Any]) -> None:
    touch(tmp_path, "chosen.png", "slices/c.dcm", "slices/a.dcm", "slices/b.dcm", "pile/01-image-all-tools.png")
    one = Address(url=None, external_id="01-image-all-tools.png")
    assert chosen(tmp_path / "chosen.png", one) == tmp_path / "chosen.png"
    assert chosen(tmp_path / "pile", one) == tmp_path / "pile" / "01-image-all-tools.png"
    assert chosen(tmp_path / "gone.png", one) is None
    series = dataset(examples[16])
    assert [chosen(tmp_path / "slices", part) for part in series] == [tmp_path / "slices" / f"{c}.dcm" for c in "abc"]
    assert chosen(tmp_path / "chosen.png", series[0]) is None


def test_files_that_fit_equally_well_are_all_told(tmp_path: Path) -> None:
    touch(tmp_path, "b/10/a.png", "b/2/a.png", "c/site/a.png", "only.png", "x/A.PNG", "two/s.tif", "two/s.png")
    folder = Folder(tmp_path)

    def names(**address: Any) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in folder.candidates(Address(url=None, **address))]

    assert names(external_id="a.png") == ["b/2/a.png", "b/10/a.png", "c/site/a.png"]
    assert names(external_id="site/a.png") == ["c/site/a.png"]
    assert names(external_id="only.png") == ["only.png"]
    assert names(external_id="none.png") == []
    assert names(external_id="s") == ["two/s.png", "two/s.tif"]
    # the name in the link tells more
    unsure = Address(url="https://store.test/x/only.png", external_id="a.png")
    assert folder.candidates(unsure) == (tmp_path / "only.png",)


def test_subfolders_are_left_alone_when_they_are_not_wanted(tmp_path: Path) -> None:
    touch(tmp_path, "a.png", "sub/b.png", "set/1.dcm", "set/2.dcm")
    folder = Folder(tmp_path, subfolders=False)
    assert folder.find(Address(url=None, external_id="a.png")) == tmp_path / "a.png"
    assert folder.find(Address(url=None, external_id="b.png")) is None
    # the folder of a dataset is the asset itself
    assert folder.find(Address(url=None, external_id="set", part=1, parts=2)) == tmp_path / "set" / "2.dcm"


def test_reading_a_folder_tells_how_far_it_is_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locate, "_TOLD_EVERY", 2)
    touch(tmp_path, *(f"{n}.png" for n in range(5)))
    folder = Folder(tmp_path)
    counts: list[int] = []
    assert folder.scan(counts.append)
    assert counts == [2, 4, 5]
    assert not folder.scan(cancelled=lambda: True)
    # what was not read to its end is read anew
    assert folder.find(Address(url=None, external_id="4.png")) == tmp_path / "4.png"
