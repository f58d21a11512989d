"""``ango-viewer render``: one page with its labels as a PNG file. Needs no display."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import ClassVar

from viewer.commands import base
from viewer.errors import ViewerError

SIZE = (1280, 960)
MODES = ("side", "overlay", "swipe", "changes")


class RenderCommand:
    """Draws one page."""

    NAME: ClassVar[str] = "render"
    HELP: ClassVar[str] = "one page with its labels as PNG"

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """What to draw, how large, and where to."""
        base.add_export(parser)
        parser.add_argument("--asset", required=True, metavar="REF", help="index, asset id, task id or external id")
        parser.add_argument("--page", type=int, default=0, metavar="N", help="0-based (default 0)")
        parser.add_argument(
            "--stage", default="current", metavar="STAGE", help="current, an index, a stage id or a stage name"
        )
        parser.add_argument("--against", metavar="STAGE", help="compare: the stage before; --stage is the one after")
        parser.add_argument("--mode", choices=MODES, help=f"how two stages are shown (default {MODES[0]})")
        size = parser.add_mutually_exclusive_group()
        size.add_argument("--native", action="store_true", help="one pixel per page pixel")
        size.add_argument("--size", type=_size, default=SIZE, metavar="WxH", help="fit into this (default 1280x960)")
        parser.add_argument("--no-labels", action="store_true", help="the page alone")
        parser.add_argument("--tags", action="store_true", help="class names beside the labels")
        parser.add_argument("--frame-map", choices=("auto", "time", "index"), default="auto",
                            help="how pages of a video are found in the file")  # fmt: skip
        parser.add_argument("--ontology", type=Path, metavar="FILE", help="an ontology JSON, for class colours")
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.png")
        base.add_fetch_options(parser)

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Draw and write it."""
        from viewer.export.ontology import Ontology
        from viewer.overlay.palette import Palette
        from viewer.ui import still
        from viewer.workers import Pool

        if options.mode is not None and options.against is None:
            raise ViewerError("--mode says how two stages are shown; name the other one with --against.")
        if options.against is not None and options.no_labels:
            raise ViewerError("--against compares labels, and --no-labels leaves none of them.")
        palette = Palette()
        if options.ontology is not None:
            palette.ontology.update(Ontology.load(options.ontology).colours)
        with base.open_export(options) as export:
            palette.add(schema_id for row in export.rows for schema_id, _, _ in row.by_class)
            index = export.find(options.asset)
            asset = export.asset(index)
            palette.ontology = {**Ontology.of_asset(asset).colours, **palette.ontology}
            task = base.find_task(asset, options.asset)
            snapshot = base.find_stage(task, options.stage)
            before = None if options.against is None else base.find_stage(task, options.against)
            wanted = still.StillOptions(
                size=None if options.native else options.size,
                labels=not options.no_labels,
                tags=options.tags,
                mapping="" if options.frame_map == "auto" else options.frame_map,
            )
            sources = base.open_sources(export, options)
            try:
                with Pool() as pool:
                    if before is None:
                        found = still.load_still(
                            asset, snapshot, options.page, wanted, sources=sources, pool=pool, palette=palette
                        )
                        image, notes = still.paint_still(found, wanted), found.notes
                    else:
                        stages, notes = still.load_compared(
                            asset, task, (before, snapshot), options.page, options.mode or MODES[0], wanted,
                            sources=sources, pool=pool, palette=palette,
                        )  # fmt: skip
                        image = still.paint_compared(stages, wanted)
            finally:
                sources.close()
            still.save_png(image, options.output)
        for note in notes:
            base.say(note)
        return base.DONE


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    if not found or not (int(found[1]) and int(found[2])):
        raise argparse.ArgumentTypeError("a size is WIDTHxHEIGHT, as in 1280x960")
    return int(found[1]), int(found[2])
