"""Pictures of the window in the states that a user meets: a list of shots, taken under Xvfb with a fixed clock.

``python packaging/screenshots.py`` takes all of them into build/screenshots; ``--only WORD`` those whose name
holds a word; ``--readme`` also stores the ones of the README, small, in packaging/screenshots. A shot is a row of
data; how the steps are done is in packaging/shoot.py.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "screenshots"
KEPT = ROOT / "packaging" / "screenshots"
KEPT_BYTES = 250_000
SCREEN = (3840, 2160)
TIMEOUT_S = 900

Theme = Literal["dark", "light"]
Step = tuple[str, str | int]
"""(what, with what): see `shoot.Shoot`."""

FULL, LAPTOP, SMALL, LARGE = (1600, 1000), (1366, 768), (1024, 680), (2560, 1440)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture. `size` is in logical pixels; `source` names what is opened (packaging/shot_exports.py)."""

    name: str
    size: tuple[int, int]
    theme: Theme
    steps: tuple[Step, ...] = ()
    source: str = "demo"
    scale: float = 1.0
    texts: str = ""
    """``long``: every text 40 % longer."""
    readme: str = ""
    """File name in packaging/screenshots, for one that the README shows."""

    @property
    def file(self) -> str:
        """Its file name in build/screenshots."""
        scale = f"@{self.scale:g}" if self.scale != 1 else ""
        return f"{self.name}-{self.size[0]}x{self.size[1]}{scale}-{self.theme}.png"


IMAGE: tuple[Step, ...] = (("asset", 0), ("page", 0), ("select", "Van"))
STATES: dict[str, tuple[str, tuple[Step, ...]]] = {
    "start": ("recents", ()),
    "reading": ("listing", ()),
    "no-match": ("demo", (("search", "lot_99"),)),
    "no-labels": ("demo", (("asset", 0), ("stage", 0))),
    "image": ("demo", IMAGE),
    "multi-image": ("demo", (("asset", 1), ("page", 1))),
    "video": ("demo", (("asset", 2), ("page", 120), ("select", "Road user"))),
    "pdf": ("demo", (("asset", 3), ("page", 0))),
    "dicom": ("demo", (("asset", 4), ("page", 12))),
    "relations": ("demo", (("asset", 0), ("action", "toggle_relations"))),
    "palette": ("demo", (("asset", 2), ("action", "show_palette"), ("type", "page"))),
    "keys": ("demo", (("asset", 0), ("dialog", "show_keys"))),
    "settings": ("demo", (("asset", 0), ("dialog", "edit_settings"))),
    "cache": ("demo", (("asset", 0), ("dialog", "edit_cache"), ("cached", "full"))),
    "cache-clearing": ("demo", (("asset", 0), ("dialog", "edit_cache"), ("cached", "asked"))),
    "change-keys": ("demo", (("asset", 0), ("dialog", "edit_keys"))),
    "menu": ("demo", (("asset", 0), ("menu", "View"))),
    "expired": ("expired", (("failed", 0),)),
    "links": ("links", (("failed", 0), ("list", "list"))),
    "entries": ("entries", (("asset", 0), ("list", "list"))),
    "fresh-links": ("expired", (("failed", 0), ("links", "empty"))),
    "fresh-links-working": ("expired", (("failed", 0), ("links", "working"))),
    "fresh-links-refused": ("expired", (("failed", 0), ("links", "refused"))),
    "transfers-busy": ("demo", (("asset", 0), ("transfers", "busy"))),
    "transfers-paused": ("demo", (("asset", 0), ("transfers", "paused"))),
    "transfers-failed": ("demo", (("asset", 0), ("transfers", "failed"))),
    "expired-many": ("dead", (("failed", 0), ("counted", 0))),
    "look-in-folder": ("dead", (("failed", 0), ("missing", "look"))),
    "choose-files": ("dead", (("failed", 0), ("missing", "choose"))),
    "locate-file": ("dead", (("failed", 0), ("missing", "locate"))),
    "private-host": ("private", (("failed", 0), ("counted", 0))),
    "no-picture": ("expired", (("failed", 0), ("blind", 0))),
}
"""State -> (what is opened, the steps to it)."""
COMPARED: dict[str, tuple[Step, ...]] = {
    "compare-side": (("asset", 0), ("compare", "2 3 side"), ("change", 4)),
    "compare-grid": (("asset", 0), ("compare", "1 2 side"), ("pane", 3), ("pane", 4)),
    "compare-overlay": (("asset", 0), ("compare", "2 3 overlay"), ("change", 4)),
    "compare-swipe": (("asset", 0), ("compare", "2 3 swipe"), ("change", 4)),
    "compare-blink": (("asset", 0), ("compare", "2 3 blink"), ("change", 4)),
    "compare-changes": (("asset", 0), ("compare", "2 3 changes")),
    "compare-video": (("asset", 2), ("compare", "2 3 side"), ("change", 6)),
    "compare-pdf": (("asset", 3), ("compare", "2 3 overlay"), ("change", 3)),
    "compare-dicom": (("asset", 4), ("compare", "2 3 side"), ("change", 3)),
    "compare-dicom-swipe": (("asset", 4), ("compare", "2 3 swipe"), ("change", 3)),
    "compare-video-overlay": (("asset", 2), ("compare", "2 3 overlay"), ("change", 6)),
    "compare-pdf-changes": (("asset", 3), ("compare", "2 3 changes"), ("change", 3)),
    "through-the-stages": (("asset", 0), ("page", 0), ("change", 3), ("mode", "single"), ("more", 0)),
    "compare-relations": (
        ("asset", 0),
        ("compare", "1 2 overlay"),
        ("tab", "changes"),
        ("show_change", "relation added"),
    ),
    "changes-of-tracks": (("asset", 2), ("compare", "2 3 overlay"), ("tab", "changes"), ("change", 1), ("unfold", 0)),
    "change-table": (("asset", 0), ("compared", 0), ("action", "show_change_table")),
    "timeline-time": (("asset", 0), ("compare", "2 3 side"), ("axis", "time")),
}
"""What compares stages: state -> steps, all in the demo."""
STAGE_COUNTS = (1, 6, 12, 40)
REGIONS = ("canvas", "page-bar", "timeline", "inspector", "list", "header")
README = {
    ("image", "dark"): "image.png",
    ("video", "light"): "video.png",
    ("dicom", "dark"): "dicom.png",
    ("start", "light"): "start.png",
    ("compare-side", "dark"): "compare-side.png",
    ("compare-changes", "light"): "compare-changes.png",
    ("change-table", "dark"): "change-table.png",
}


def _shots() -> Iterator[Shot]:
    themes: tuple[Theme, ...] = ("dark", "light")
    for theme in themes:
        for size in (FULL, LAPTOP):
            for name, (source, steps) in STATES.items():
                kept = README.get((name, theme), "") if size == LAPTOP else ""
                yield Shot(name, size, theme, steps, source, readme=kept)
            for name, steps in COMPARED.items():
                kept = README.get((name, theme), "") if size == LAPTOP else ""
                yield Shot(name, size, theme, steps, readme=kept)
        for asset, count in enumerate(STAGE_COUNTS):
            for size in (FULL, LAPTOP):
                yield Shot(f"timeline-{count}", size, theme, (("asset", asset),), "stages")
                yield Shot(f"timeline-{count}-time", size, theme, (("asset", asset), ("axis", "time")), "stages")
        yield Shot("compare-overlay", LARGE, theme, COMPARED["compare-overlay"])
        yield Shot("compare-grid", LARGE, theme, COMPARED["compare-grid"])
        for size in (SMALL, LARGE):
            yield Shot("image", size, theme, IMAGE)
        yield Shot("expired", SMALL, theme, STATES["expired"][1], "expired")
        yield Shot("image", LAPTOP, theme, IMAGE, scale=1.5)
        yield Shot("video", LAPTOP, theme, STATES["video"][1], scale=1.5)
        for number, region in enumerate(REGIONS):
            yield Shot(f"focus-{region}", FULL, theme, (("asset", 2), ("page", 120), ("region", number)))
    yield Shot("long-texts", LAPTOP, "light", IMAGE, texts="long")
    yield Shot("long-texts-look", SMALL, "dark", STATES["look-in-folder"][1], "dead", texts="long")
    yield Shot("long-texts-locate", SMALL, "light", STATES["locate-file"][1], "dead", texts="long")
    yield Shot("long-texts-private-host", SMALL, "dark", STATES["private-host"][1], "private", texts="long")
    yield Shot("long-texts-links", SMALL, "light", STATES["fresh-links-refused"][1], "expired", texts="long")
    yield Shot("long-texts-links-working", SMALL, "dark", STATES["fresh-links-working"][1], "expired", texts="long")
    yield Shot("long-texts-cache", SMALL, "light", STATES["cache-clearing"][1], texts="long")
    yield Shot("long-texts-start", LAPTOP, "light", (), "recents", texts="long")


SHOTS: tuple[Shot, ...] = tuple(_shots())


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the shots; returns 1 if one could not be taken."""
    parser = argparse.ArgumentParser(description="Take pictures of the window.")
    parser.add_argument("--only", default="", metavar="WORD", help="only shots whose file name holds WORD")
    parser.add_argument("--readme", action="store_true", help="also store the pictures of the README")
    parser.add_argument("--take", nargs="*", metavar="FILE", help=argparse.SUPPRESS)  # in a child process
    asked = parser.parse_args(arguments)
    if asked.take is not None:
        from shoot import take

        return take([shot for shot in SHOTS if shot.file in asked.take], OUT)
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in SHOTS if asked.only in shot.file]
    failed: list[str] = []
    for scale in sorted({shot.scale for shot in wanted}):
        failed += _run([shot for shot in wanted if shot.scale == scale], scale)
    for shot in wanted:
        if asked.readme and shot.readme and shot.file not in failed:
            keep(OUT / shot.file, KEPT / shot.readme)
    print(f"{len(wanted) - len(failed)} pictures in {OUT.relative_to(ROOT)}")
    for name in failed:
        print(f"not taken: {name}", file=sys.stderr)
    return 1 if failed else 0


def _run(shots: list[Shot], scale: float) -> list[str]:
    """Take shots of one scale in a process of their own, with an empty home; returns those that are not there."""
    with tempfile.TemporaryDirectory(prefix="ango-viewer-shots-") as folder:
        environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
        environment |= {
            "HOME": folder, "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "QT_SCALE_FACTOR": f"{scale:g}",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        command = [sys.executable, str(Path(__file__).resolve()), "--take", *(shot.file for shot in shots)]
        if shutil.which("xvfb-run"):
            environment["QT_QPA_PLATFORM"] = "xcb"
            command = ["xvfb-run", "-a", "-s", f"-screen 0 {SCREEN[0]}x{SCREEN[1]}x24", *command]
        else:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        for shot in shots:
            (OUT / shot.file).unlink(missing_ok=True)
        subprocess.run(command, env=environment, check=False, timeout=TIMEOUT_S, cwd=ROOT)
    return [shot.file for shot in shots if not (OUT / shot.file).exists()]


def keep(picture: Path, target: Path) -> None:
    """Store a picture as a PNG of at most `KEPT_BYTES`, with as many colours as that allows.

    An octree keeps small coloured things (chips, swatches) in their colour; a median cut turns them grey.
    """
    image = Image.open(picture).convert("RGB")
    target.parent.mkdir(parents=True, exist_ok=True)
    for colours in (256, 192, 128, 96, 64):
        file = io.BytesIO()
        image.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() <= KEPT_BYTES:
            break
    target.write_bytes(file.getvalue())


if __name__ == "__main__":
    sys.exit(main())
