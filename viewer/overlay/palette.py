"""The colours of classes and of changes: two sets, one for pictures and one for paper."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Twelve colours that stay apart for normal, deutan, protan and tritan eyes (CIEDE2000 of any two at least
# 10.8 in `GLOW`, 8.1 in `INK`). Glow is for pictures, ink for white paper.
GLOW = (
    "#DE4551", "#EA8836", "#FFBE0C", "#F9F48A", "#9FC47E", "#B3FECC",
    "#2EA380", "#56D0D7", "#4E74FC", "#AEA6FE", "#A880C0", "#AF638E",
)  # fmt: skip
INK = (
    "#99253B", "#671D02", "#A5670D", "#5F5A01", "#5C7F44", "#05522A",
    "#05735C", "#067FA7", "#244CA0", "#863CFC", "#6A0067", "#D33370",
)  # fmt: skip

CANVAS_DARK, PAPER = "#131314", "#FFFFFF"
HALO, HALO_LIGHT = "#000000", "#FFFFFF"
HALO_ALPHA = 160
TAG_TEXT_ON_GLOW, TAG_TEXT_ON_INK = "#101010", "#FFFFFF"
CHECKER = ("#FFFFFF", "#E6E6E6")


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """How one kind of change looks: its sign and its colour on pictures and on paper."""

    sign: str
    glow: str
    ink: str


CHANGES: dict[str, ChangeLook] = {
    "added": ChangeLook("+", "#44F4C8", "#1C8362"),
    "removed": ChangeLook("−", "#FB4D17", "#D43840"),
    "moved": ChangeLook("→", "#2186F6", "#306CDD"),
    "reshaped": ChangeLook("~", "#D9BAFF", "#400E89"),
    "reclassified": ChangeLook("≠", "#FFF05B", "#796002"),
    "attributes": ChangeLook("…", "#DE8DB9", "#61153C"),
    "unchanged": ChangeLook("=", "#838588", "#6D7279"),
    "recreated": ChangeLook("↻", "#838588", "#6D7279"),
    "retimed": ChangeLook("↔", "#838588", "#6D7279"),
}

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def is_colour(text: object) -> bool:
    """Whether this is a colour as written everywhere here: ``#RRGGBB``."""
    return isinstance(text, str) and _HEX.fullmatch(text) is not None


def rgb(colour: str) -> tuple[int, int, int]:
    """``#RRGGBB`` as three numbers of 0-255. Raises ValueError for anything else."""
    if not is_colour(colour):
        raise ValueError(f"{colour!r} is no #RRGGBB colour")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@functools.lru_cache(maxsize=1024)
def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 (black) to 1 (white)."""

    def linear(level: int) -> float:
        value = level / 255.0
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = rgb(colour)
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG 2.2, 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(colour: str, opacity: float, ground: str) -> str:
    """``#RRGGBB`` of a colour at an opacity of 0-1 on a ground, as a painter mixes them."""
    mixed = [round(c * opacity + g * (1.0 - opacity)) for c, g in zip(rgb(colour), rgb(ground))]
    return "#{:02X}{:02X}{:02X}".format(*mixed)


def text_on(ground: str) -> str:
    """The tag text colour, near-black or white, that reads better on this ground."""
    return max((TAG_TEXT_ON_GLOW, TAG_TEXT_ON_INK), key=lambda text: contrast(text, ground))


def class_index(schema_id: str) -> int:
    """Where a class starts to look for a free colour: first 4 bytes of SHA-1(schemaId), modulo 12."""
    # SHA-1 only spreads ids evenly and the same everywhere; nothing is protected by it
    digest = hashlib.sha1(schema_id.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") % len(GLOW)


def assigned(schema_ids: Iterable[str], kept: Mapping[str, int] | None = None) -> dict[str, int]:
    """A colour index for every class: `kept` ones stay, new ones (in schemaId order) take a free one.

    A taken index moves on to the next free one; from the 13th class on colours repeat and a class takes its
    own index again. The result holds `kept` too.
    """
    result = dict(kept or {})
    taken = {index % len(GLOW) for index in result.values()}
    for schema_id in sorted(set(schema_ids) - result.keys()):
        start = class_index(schema_id)
        free = [(start + step) % len(GLOW) for step in range(len(GLOW))]
        index = next((i for i in free if i not in taken), start)
        result[schema_id] = index
        taken.add(index)
    return result


@dataclass(slots=True)
class Palette:
    """The colours of one project's classes. Colours from an ontology win and are never altered.

    `indices` is what to keep per project, so that a class has the same colour the next time; `chosen` are the
    user's own colours, which win over all others.
    """

    indices: dict[str, int] = field(default_factory=dict)
    ontology: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)

    def add(self, schema_ids: Iterable[str]) -> None:
        """Give colours to classes that have none yet; the others keep theirs."""
        self.indices = assigned(schema_ids, self.indices)

    def colour(self, schema_id: str, *, paper: bool = False) -> str:
        """``#RRGGBB`` of a class, on pictures or on paper. An unknown class is added."""
        for given in (self.chosen.get(schema_id), self.ontology.get(schema_id)):
            if is_colour(given):
                return str(given)
        if schema_id not in self.indices:
            self.add((schema_id,))
        return (INK if paper else GLOW)[self.indices[schema_id] % len(GLOW)]

    def repeats(self, schema_id: str) -> bool:
        """Whether another class had this colour first: its swatch is split diagonally with white."""
        if schema_id in self.chosen or schema_id in self.ontology or schema_id not in self.indices:
            return False
        for other, index in self.indices.items():
            if other == schema_id:
                return False
            if index == self.indices[schema_id]:
                return True
        return False
