"""Pillow's pixels as a numpy array without a copy, through the Arrow interface."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# The fields of the Arrow C data interface that are needed (https://arrow.apache.org/docs/format/CDataInterface.html).


class _ArrowArray(ctypes.Structure):
    pass


_ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
    ("dictionary", ctypes.POINTER(_ArrowArray)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]


class _Memory:
    """Pixels that an Arrow capsule owns, in the words of numpy's array interface; numpy keeps this alive."""

    def __init__(self, capsule: object, address: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        self._capsule = capsule
        self.__array_interface__ = {
            "version": 3,
            "data": (address, False),
            "shape": shape,
            "typestr": dtype.str,
        }


_DTYPES: dict[str, tuple[str, int]] = {
    "L": ("u1", 1),
    "I;16": ("=u2", 1),
    "I": ("=i4", 1),
    "F": ("=f4", 1),
    "RGB": ("u1", 4),
    "RGBX": ("u1", 4),
    "RGBA": ("u1", 4),
    "CMYK": ("u1", 4),
}


def use_one_block() -> None:
    """Let Pillow keep each picture in one piece of memory from now on: the interface needs it."""
    Image.core.set_use_block_allocator(1)  # type: ignore[attr-defined]


def array_of(picture: Image.Image) -> NDArray[Any]:
    """Shape (rows, columns) or (rows, columns, 4), of the loaded picture's own memory where possible.

    The array keeps the memory alive; writing to it writes to the picture. RGB has four bytes per pixel, the
    fourth is 255. Raises ValueError for a mode without such an array.
    """
    if picture.mode not in _DTYPES:
        raise ValueError(f"no array for mode {picture.mode}")
    dtype, channels = _DTYPES[picture.mode]
    width, height = picture.size
    if not picture.readonly:
        try:
            capsule = picture.__arrow_c_array__()[1]
        except (ValueError, AttributeError):
            pass  # several blocks, or a Pillow without Arrow
        else:
            return _view(capsule, np.dtype(dtype), height, width, channels)
    raw = {"RGB": "RGBX"}.get(picture.mode, picture.mode)
    flat = np.frombuffer(bytearray(picture.tobytes("raw", raw)), dtype=dtype)
    return flat.reshape((height, width) if channels == 1 else (height, width, channels))


def _view(capsule: object, dtype: np.dtype[Any], height: int, width: int, channels: int) -> NDArray[Any]:
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
    found = _ArrowArray.from_address(get_pointer(capsule, b"arrow_array"))
    # Channels lie in a child array: a fixed-size list of four bytes.
    pixels = found.children[0].contents if channels > 1 else found
    address = pixels.buffers[1]
    if not address or found.offset or pixels.offset:
        raise ValueError("an Arrow array of an unknown shape")
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.asarray(_Memory(capsule, address, dtype, shape))
