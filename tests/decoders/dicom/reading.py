"""DICOM files as the tests read them, and the standard's window written out."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from viewer.decoders.base import Document, Hints, View
from viewer.decoders.dicom import DicomDecoder


def opened(data: bytes) -> Document:
    return DicomDecoder.open(io.BytesIO(data), Hints())


def shown(document: Document, page: int = 0, **kwargs: Any) -> np.ndarray[Any, Any]:
    view = kwargs.pop("view", View())
    return document.render(page, None, 1.0, view=view, cancelled=lambda: False).pixels


def linear(value: float, center: float, width: float) -> int:
    """PS3.3 C.11.2.1.2.1, written out."""
    if value <= center - 0.5 - (width - 1) / 2:
        return 0
    if value > center - 0.5 + (width - 1) / 2:
        return 255
    return round(((value - (center - 0.5)) / (width - 1) + 0.5) * 255)


def close(actual: Any, expected: Any, within: int = 1) -> bool:
    return bool(np.abs(np.asarray(actual, int) - np.asarray(expected, int)).max() <= within)
