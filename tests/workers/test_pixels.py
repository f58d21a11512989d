from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from viewer.decoders.base import PageInfo
from viewer.workers import Opened, PagePixels, Part

INFO = PageInfo((4.0, 2.0), (4, 2))


def test_pixels_until_they_are_released() -> None:
    pixels = PagePixels(
        np.zeros((2, 4, 4), np.uint8), format="bgra", region=(0.0, 0.0, 4.0, 2.0), info=INFO, flags=("cut",), ms=1.0
    )
    assert (pixels.size, pixels.pixels.shape, pixels.flags) == ((4, 2), (2, 4, 4), ("cut",))
    pixels.release()
    pixels.release()
    for look in (lambda: pixels.pixels, lambda: pixels.size):
        with pytest.raises(ValueError, match="released"):
            look()
    assert pixels.info is INFO


def test_a_local_file_is_there_at_once() -> None:
    part = Part.local(Path("folder") / "a.png")
    assert part.name == "a.png"
    assert part.provide().result(0) == Path("folder/a.png")
    assert part.provide() is not part.provide()


def test_opened_has_no_facts_unless_told() -> None:
    assert Opened("image", 1).facts == {}
