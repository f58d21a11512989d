"""The tree keeps its promises: lists are complete, every file has its tests, names say what they are."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "viewer"
TESTS = ROOT / "tests"
LONG = 400

LISTS = {
    "tools": ("TOOLS", {"base", "unknown"}),
    "decoders": ("DECODERS", {"base"}),
    "commands": ("COMMANDS", {"base"}),
}
"""Folder → its visible list, and the files in it that are no members."""

GENERATION_PARTS = {"annotations", "base", "current"}
"""What the generations share."""

TESTED_ELSEWHERE = {
    "fetch/block_store.py": "fetch/test_blocks.py",
    "fetch/streams.py": "fetch/test_blocks.py",
    "limits.py": "tools/test_base.py",
    "ui/next_stages.py": "e2e/test_next_stages.py",
    "export/counts.py": "export/test_rowing.py",
    "export/links.py": "e2e/test_secrets.py",
    "export/heads.py": "export/test_damage.py",
    "export/rows.py": "export/test_index.py",
    "export/snapshots.py": "export/test_rowing.py",
    "export/window.py": "export/test_damage.py",
    "export/sniff.py": "export/test_export.py",
    "export/store.py": "export/test_export.py",
    "export/streams.py": "export/test_zipped.py",
    "export/serve.py": "workers/test_jobs.py",
    "diff/rows.py": "commands/test_diff.py",
    "diff/tables.py": "commands/test_diff.py",
    "export/differences.py": "workers/test_comparing.py",
    "workers/job.py": "workers/test_jobs.py",
    "ui/app.py": "e2e/test_window.py",
    "ui/opening.py": "e2e/test_opening.py",
    "ui/kept.py": "e2e/test_kept.py",
    "ui/missing/choose_dialog.py": "e2e/test_dead_links.py",
    "ui/missing/counting.py": "e2e/test_dead_links.py",
    "ui/missing/locate_dialog.py": "e2e/test_dead_links.py",
    "ui/missing/look_dialog.py": "e2e/test_dead_links.py",
    "ui/missing/newer.py": "e2e/test_dead_links.py",
    "ui/missing/sizes.py": "e2e/test_dead_links.py",
    "ui/missing/steps.py": "e2e/test_dead_links.py",
    "ui/changes/stepping.py": "e2e/test_changes.py",
    "ui/changes/table_steps.py": "e2e/test_table_of_changes.py",
    "ui/fresh_links/steps.py": "e2e/test_fresh_links.py",
    "ui/whole_export.py": "e2e/test_changes.py",
    "ui/compared_masks.py": "e2e/test_compared_masks.py",
    "ui/beside.py": "e2e/test_beside.py",
    "ui/window_steps.py": "e2e/test_looks.py",
    "ui/asset_steps.py": "e2e/test_known_links.py",
    "ui/file_states.py": "e2e/test_known_links.py",
    "ui/wiring.py": "e2e/test_window.py",
    "ui/bringing.py": "e2e/test_streaming.py",
    "ui/brushes.py": "e2e/test_loading.py",
    "ui/dialogs.py": "e2e/test_asking.py",
    "ui/document_options.py": "e2e/test_looks.py",
    "ui/header.py": "e2e/test_window.py",
    "ui/hold_keys.py": "e2e/test_window.py",
    "ui/jumps.py": "e2e/test_jumps.py",
    "ui/main_window.py": "e2e/test_window.py",
    "ui/notify.py": "e2e/test_window.py",
    "ui/options.py": "e2e/test_window.py",
    "ui/page_loader.py": "e2e/test_loading.py",
    "ui/reading.py": "e2e/test_opening.py",
    "ui/regions.py": "e2e/test_window.py",
    "ui/session.py": "e2e/test_window.py",
    "ui/status.py": "e2e/test_window.py",
    "ui/steps.py": "e2e/test_looks.py",
    "ui/thumbnails.py": "e2e/test_window.py",
    "ui/view_bar.py": "e2e/test_window.py",
    "ui/window_actions.py": "e2e/test_asking.py",
    "ui/transfers/everything.py": "e2e/test_transfers.py",
    "ui/transfers/near.py": "e2e/test_transfers.py",
    "ui/transfers/steps.py": "e2e/test_transfers.py",
    "ui/compare/changes.py": "ui/compare/test_overlay.py",
    "ui/compare/mode.py": "ui/compare/test_modes.py",
    "ui/compare/single.py": "ui/compare/test_modes.py",
    "ui/canvas/hover_card.py": "ui/canvas/test_pointer.py",
    "ui/inspector/filter_row.py": "ui/inspector/test_labels_tab.py",
    "ui/find/palette.py": "e2e/test_window.py",
    "ui/key_editor.py": "ui/test_settings_dialog.py",
    "ui/pages/chips.py": "ui/pages/test_bar.py",
    "ui/pages/track.py": "ui/pages/test_bar.py",
    "ui/still.py": "commands/test_render.py",
    "overlay/ranges.py": "overlay/test_levels.py",
    "ui/canvas/content.py": "ui/canvas/test_widget.py",
    "ui/canvas/gather.py": "ui/canvas/test_painter.py",
    "ui/canvas/motion.py": "ui/canvas/test_place.py",
    "ui/canvas/navigator.py": "ui/canvas/test_ornaments.py",
    "ui/canvas/ornament.py": "ui/canvas/test_ornaments.py",
    "ui/canvas/outside.py": "ui/canvas/test_ornaments.py",
    "ui/canvas/pins.py": "ui/canvas/test_ornaments.py",
    "ui/canvas/view_widget.py": "ui/canvas/test_place.py",
    "ui/start_page.py": "ui/test_sizes.py",
    "ui/translation.py": "ui/test_translations.py",
    "ui/widgets/answer_row.py": "ui/test_settings_dialog.py",
    "decoders/base.py": "decoders/test_recognition.py",
    "decoders/dicom/": "decoders/dicom/test_document.py",
    "decoders/image/": "decoders/image/test_document.py",
    "decoders/pdf/": "decoders/pdf/test_document.py",
    "decoders/video/": "decoders/video/test_document.py",
}
"""Files, or folders of parts that one test reaches through their front, and where that is."""

NAMED_BY_THE_INTERFACE = {"PageInfo"}
"""What ``Document.info`` returns."""

VAGUE = ("Manager", "Helper", "Util", "Handler", "Data", "Info")


def sources() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if p.name not in ("__init__.py", "__main__.py"))


def members(folder: str, others: set[str]) -> set[str]:
    """Modules and packages directly in a folder."""
    found = {p.stem for p in (SOURCE / folder).glob("*.py")} | {
        p.parent.name for p in (SOURCE / folder).glob("*/__init__.py")
    }
    return found - others - {"__init__"}


@pytest.mark.parametrize("folder", LISTS)
def test_every_file_is_in_its_list(folder):
    name, others = LISTS[folder]
    listed = getattr(importlib.import_module(f"viewer.{folder}"), name)
    modules = {entry.__module__.split(".")[2] for entry in listed}
    assert modules == members(folder, others)


def test_every_generation_is_in_its_list():
    from viewer.export.generations import GENERATIONS

    listed = {generation.__name__.rpartition(".")[2] for generation in GENERATIONS}
    assert listed == members("export/generations", GENERATION_PARTS)


@pytest.mark.parametrize("source", sources(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_source_file_has_its_test_file(source):
    place = source.relative_to(SOURCE)
    if (TESTS / place.parent / f"test_{place.name}").exists():
        return
    elsewhere = next((t for part, t in TESTED_ELSEWHERE.items() if place.as_posix().startswith(part)), None)
    assert elsewhere is not None, f"tests/{place.parent.as_posix()}/test_{place.name} is missing"
    assert (TESTS / elsewhere).exists()


def test_what_is_tested_elsewhere_is_still_there():
    assert [part for part in TESTED_ELSEWHERE if not (SOURCE / part).exists()] == []


def test_names_say_what_things_are():
    found = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name.endswith(VAGUE) and node.name not in NAMED_BY_THE_INTERFACE
    ]
    assert found == []


def test_long_files_are_named(capsys):
    """A warning to read, not a failure: a long file is a question, and the answer may be that it is fine."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE.rglob("*.py")}
    long = [f"{path.relative_to(ROOT)} has {n} lines" for path, n in sorted(lengths.items()) if n > LONG]
    assert lengths
    with capsys.disabled():
        for line in long:
            print(f"\nlonger than {LONG}: {line}", end="")
