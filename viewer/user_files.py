"""Files that somebody asked for, written in one piece: a crash leaves the old one or the new one, never a part."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from viewer.errors import ViewerError
from viewer.state_file import sweep, sync_folder


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into, which takes the place of `path` when the block ends without an exception.

    Its rights are those of any new file; its folder is made. A pipe or a device stays what it is and is written
    to. Raises ViewerError, which names the file, when it cannot be written.
    """
    if path.is_dir():
        raise ViewerError(f"{path} is a folder, not the name of a file.")
    try:
        target = path.resolve()  # what a link leads to is replaced, not the link
        temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target)
        try:
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if sys.platform != "win32":
            sync_folder(target.parent)
    except OSError as error:
        raise ViewerError(f"{path} could not be written: {error.strerror or error}.") from None
