"""The words of rows and values."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from tests.make.rows import row
from viewer.ui.assets import texts
from viewer.ui.assets.order import ORDERS
from viewer.ui.assets.table import FACETS


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("site-04/lot.jpg", ("site-04/", "lot.jpg")),
        ("a/b/c.png", ("a/b/", "c.png")),
        ("c:\\scans\\1.dcm", ("c:\\scans\\", "1.dcm")),
        ("lot.jpg", ("", "lot.jpg")),
        ("folder/", ("", "folder/")),
        ("", ("", "")),
    ],
)
def test_folder_and_base_name(name: str, parts: tuple[str, str]) -> None:
    assert texts.split_name(name) == parts


def test_the_second_line() -> None:
    assert texts.details_of(row(1)) == "Review · 8 labels"
    assert texts.details_of(row(1, labels=1, tasks=3, problems=1)) == "Review · 1 label · 3 tasks · 1 problem"
    assert texts.details_of(row(1, stage=None, labels=1204)) == "1,204 labels"
    assert texts.entry_text((2, 3)) == "2 of 3"
    assert texts.entry_text(None) == ""
    assert texts.details_of(row(1, readable=False)) == "Damaged in the export"


def test_names_of_what_has_none() -> None:
    nameless = row(11, external_id=None, asset_id=None, task_id=None)
    assert texts.shown_name(nameless) == "Asset 12"
    assert texts.shown_name(row(2, external_id="a\nb\u202ec")) == "a b c"


def test_a_row_is_spoken_with_the_state_of_its_file() -> None:
    assert texts.spoken(row(1), "dead", (1, 2)) == (
        "site-01/lot_1.jpg, Task 1 of 2, Image, Review, 8 labels, link expired"
    )


def test_values_in_words() -> None:
    assert texts.value_text("kind", "multi-image") == "Image series"
    assert texts.value_text("tool", "rotated-bounding-box") == "Rotated bounding box"
    assert texts.value_text("stage", "") == "No stage"
    assert texts.value_text("class", "Car\nTruck") == "Car Truck"
    assert texts.value_text("labels", "without") == "Without labels"


def test_every_facet_and_order_has_words() -> None:
    assert all(texts.facet_text(facet.key) != facet.key for facet in FACETS)
    assert all(texts.order_text(order.key) != order.key for order in ORDERS)


def test_counts_in_words() -> None:
    assert texts.count_text(1, 1, listing=False, busy=False) == "1 asset"
    assert texts.count_text(480, 480, listing=False, busy=False) == "480 assets"
    assert texts.count_text(37, 1480, listing=False, busy=False) == "37 of 1,480 assets"
    assert texts.count_text(37, 140, listing=True, busy=True) == "Reading · 37 of 140 assets"
    assert texts.count_text(0, 140, listing=False, busy=True) == "Searching 140 assets"


def test_why_nothing_matches() -> None:
    assert texts.no_match_text("lot_99", 0) == 'No asset matches "lot_99".'
    assert texts.no_match_text("a\n" + "b" * 500, 2) == f'No asset matches "a {"b" * 78}" and 2 filters.'
    assert texts.no_match_text("", 1) == "No asset matches 1 filter."


def test_texts_are_translated(qapp: QCoreApplication, tmp_path: Path) -> None:
    """As they are collected: texts of functions have no context there."""
    tools = Path(sys.executable).parent
    ts, qm = tmp_path / "x.ts", tmp_path / "x.qm"
    source = Path(texts.__file__)
    lupdate, lrelease = (str(next(tools.glob(f"pyside6-{name}*"))) for name in ("lupdate", "lrelease"))
    subprocess.run([lupdate, str(source), "-ts", str(ts)], check=True, capture_output=True)
    written = ts.read_text(encoding="utf-8")
    written = written.replace('<source>Video</source>\n        <translation type="unfinished"></translation>',
                              "<source>Video</source>\n        <translation>Film</translation>")  # fmt: skip
    ts.write_text(written, encoding="utf-8")
    subprocess.run([lrelease, str(ts), "-qm", str(qm)], check=True, capture_output=True)
    translator = QTranslator()
    assert translator.load(str(qm))
    qapp.installTranslator(translator)
    try:
        assert texts.kind_text("video") == "Film"
    finally:
        qapp.removeTranslator(translator)
