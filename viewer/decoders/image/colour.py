"""Colours as a browser shows them: the ICC profile's own intent to sRGB, else PNG's gamma (decode.md C1)."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

Tone = NDArray[np.uint8]
"""256 entries: a grey level of the file → the level to show."""

_NEUTRAL = 1
"""A profile whose colours differ from sRGB by no more than this (of 255) is left alone."""


def gamma_tone(file_gamma: float) -> Tone | None:
    """Table for PNG's gAMA value (0.45455 for 1/2.2) → sRGB; None when it changes nothing or is nonsense.

    PNG 3rd edition, 13.13: light = sample ** (1 / gAMA); then the sRGB curve of IEC 61966-2-1.
    """
    if not 0.01 <= file_gamma <= 10.0:
        return None
    light = (np.arange(256) / 255.0) ** (1.0 / file_gamma)
    curve = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    tone = np.rint(np.clip(curve, 0.0, 1.0) * 255.0).astype(np.uint8)
    return None if np.array_equal(tone, np.arange(256)) else tone


class Profile:
    """An ICC profile embedded in a picture. Raises ValueError when lcms cannot read it."""

    def __init__(self, icc: bytes) -> None:
        try:
            self._profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            self.space = str(self._profile.profile.xcolor_space).strip()
            intent = ImageCms.getDefaultIntent(self._profile)
        except (ImageCms.PyCMSError, OSError, ValueError, AttributeError) as error:
            raise ValueError("not an ICC profile") from error
        self._intent = ImageCms.Intent(intent) if intent in (0, 1, 2, 3) else ImageCms.Intent.PERCEPTUAL
        try:
            self.title = ImageCms.getProfileDescription(self._profile).strip()[:200]
        except ImageCms.PyCMSError:
            self.title = ""

    def fits(self, mode: str) -> bool:
        """Whether the profile is for pixels of this Pillow mode. Browsers ignore one that is not."""
        return {"RGB ": ("RGB", "RGBA", "RGBX"), "GRAY": ("L",), "CMYK": ("CMYK",)}.get(
            self.space.ljust(4), ()
        ).__contains__(mode)

    def apply(self, picture: Image.Image) -> Image.Image:
        """The picture in sRGB: mode RGB or RGBA. Raises ValueError when lcms refuses."""
        target = "RGBA" if picture.mode == "RGBA" else "RGB"
        transform = self._transform(picture.mode, target)
        if picture.mode != "CMYK" and self._is_neutral(transform, picture.mode, target):
            return picture
        changed = ImageCms.applyTransform(picture, transform, inPlace=picture.mode == target)
        return picture if changed is None else changed

    def grey_tone(self) -> Tone | None:
        """Table for a grey picture; None when the profile leaves greys as they are (or tints them)."""
        ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
        shown = np.asarray(ImageCms.applyTransform(ramp, self._transform("L", "RGB")))[0]
        tone = np.ascontiguousarray(shown[:, 1])
        return None if np.abs(tone.astype(int) - np.arange(256)).max() <= _NEUTRAL else tone

    def _transform(self, mode: str, target: str) -> ImageCms.ImageCmsTransform:
        try:
            return ImageCms.buildTransform(
                self._profile,
                ImageCms.createProfile("sRGB"),
                mode,
                target,
                self._intent,
                ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except (ImageCms.PyCMSError, ValueError) as error:
            raise ValueError("an unusable ICC profile") from error

    @staticmethod
    def _is_neutral(transform: ImageCms.ImageCmsTransform, mode: str, target: str) -> bool:
        """Most profiles are sRGB under another name; a 9 x 9 x 9 grid of colours tells, in 0.1 ms."""
        if mode != target:
            return False
        steps = np.linspace(0, 255, 9).astype(np.uint8)
        grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
        if mode == "RGBA":
            grid = np.dstack((grid, np.full((27, 27), 255, np.uint8)))
        probe = Image.fromarray(grid)
        shown = ImageCms.applyTransform(probe, transform)
        change = np.abs(np.asarray(shown)[..., :3].astype(int) - grid[..., :3].astype(int))
        return int(change.max()) <= _NEUTRAL


def lab_to_srgb(picture: Image.Image) -> Image.Image:
    """A CIE L*a*b* picture (D50, as TIFF has it) in mode RGB. Raises ValueError."""
    try:
        transform = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
        changed: Any = ImageCms.applyTransform(picture, transform)
    except (ImageCms.PyCMSError, ValueError) as error:
        raise ValueError("L*a*b* colours could not be changed to RGB") from error
    assert isinstance(changed, Image.Image)
    return changed
