"""Files that somebody named for the assets of one export: one by one, by a folder, by several remembered ones."""

from __future__ import annotations

import threading
from pathlib import Path

from viewer.fetch.locate import Address, Folder, chosen
from viewer.remembered import Remembered


class ChosenFiles:
    """Of the export at `export_path`. Thread-safe; folders are read once, when something is looked for in them."""

    def __init__(self, export_path: Path, *, remembered: Remembered | None, assets_dir: Path | None) -> None:
        self._export_path = export_path
        self._remembered = remembered
        self._assets = Folder(assets_dir) if assets_dir else None
        self._folders: dict[Path, Folder] = {}
        self._lock = threading.Lock()

    def find(self, address: Address) -> Path | None:
        """The file chosen for the asset, else the one in the first folder that has it."""
        if (found := self._chosen(address)) is not None:
            return found
        if self._assets is not None and (found := self._assets.find(address)) is not None:
            return found
        for folder in self._remembered_folders():
            if (found := folder.find(address)) is not None:
                return found
        return None

    def use(self, folder: Folder) -> None:
        """Use what was read of a folder already, if it is one of those that are remembered."""
        with self._lock:
            self._folders[folder.root.absolute()] = folder

    def _chosen(self, address: Address) -> Path | None:
        if self._remembered is None or not address.asset_key:
            return None
        if address.parts > 1:
            part = self._remembered.located(self._export_path, address.asset_key, part=address.part)
            if part is not None and part.is_file():
                return part
        path = self._remembered.located(self._export_path, address.asset_key)
        return chosen(path, address) if path is not None else None

    def _remembered_folders(self) -> list[Folder]:
        if self._remembered is None:
            return []
        found: list[Folder] = []
        for path in self._remembered.folders(self._export_path):
            subfolders = not self._remembered.is_flat(self._export_path, path)
            with self._lock:
                folder = self._folders.get(path)
                if folder is None or folder.subfolders != subfolders:
                    folder = self._folders[path] = Folder(path, subfolders=subfolders)
            found.append(folder)
        return found
