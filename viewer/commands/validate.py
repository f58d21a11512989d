"""``ango-viewer validate``: every problem of an export, one a line. Never fetches."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import ClassVar

from viewer.commands import base
from viewer.errors import DecodeError, ExportError, FetchError, Problem
from viewer.export import Export
from viewer.model import Asset


class ValidateCommand:
    """Finds what could not be shown, or had to be repaired, guessed or contradicted."""

    NAME: ClassVar[str] = "validate"
    HELP: ClassVar[str] = "every problem of an export, one a line"

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """EXPORT and --json."""
        base.add_export(parser)
        parser.add_argument("--json", action="store_true", help="for programs")
        base.add_fetch_options(parser)

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Print the problems."""
        found = 0
        with base.open_export(options) as export, _Media(export, options) as media:
            problems = _problems(export, media)
            if options.json:
                listed = [problem.as_dict() for problem in problems]
                found = len(listed)
                base.print_json({"problems": listed})
            else:
                for problem in problems:
                    print(problem.line())
                    found += 1
        return base.FOUND if found else base.DONE


def _problems(export: Export, media: _Media) -> Iterator[Problem]:
    """Asset by asset: what its parsing and a closer look told; else what reading the file told."""
    from viewer.export.check import problems_of

    of_file: dict[int | None, list[Problem]] = {}
    for problem in export.problems:
        of_file.setdefault(problem.asset_index, []).append(problem)
    yield from of_file.get(None, ())
    for row in export.rows:
        told = of_file.get(row.index, [])
        try:
            asset = export.asset(row.index)
        except ExportError as error:
            yield from told or [
                Problem(severity="error", what=str(error), file=export.path.name, asset_index=row.index,
                        external_id=row.external_id, offset=row.start)
            ]  # fmt: skip
            continue
        page_count, sizes, media_problem = media.look_at(asset)
        closer = problems_of(asset, page_count=page_count, page_sizes=sizes, file=export.path.name)
        known = {(p.path, p.what) for p in closer}
        yield from (p for p in told if p.offset is not None and (p.path, p.what) not in known)
        yield from closer
        if media_problem is not None:
            yield media_problem


class _Media:
    """The files of assets, where they are local, located or cached; nothing is fetched."""

    def __init__(self, export: Export, options: argparse.Namespace) -> None:
        from viewer.fetch import Sources
        from viewer.remembered import Remembered

        self._export = export
        self._sources = Sources(
            export.path,
            cache_dir=options.cache_dir,
            assets_dir=options.assets_dir,
            offline=True,
            remembered=Remembered(),
        )

    def __enter__(self) -> _Media:
        from viewer.workers import Pool

        self._pool = Pool()
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()
        self._sources.close()

    def look_at(self, asset: Asset) -> tuple[int | None, dict[int, tuple[float, float]], Problem | None]:
        """(pages of the file, displayed sizes of pages, why it cannot be decoded), as far as the file is here."""
        from viewer.ui import scene

        if asset.kind not in scene.DRAWN_KINDS:
            return None, {}, None
        addresses = scene.addresses_of(asset)
        paths = [self._sources.locate(address) for address in addresses]
        if not any(paths):
            return None, {}, None
        labels = asset.tasks[0].current.labels
        bring = base.bring_now(self._sources)
        client = self._pool.open(scene.parts_of(addresses, bring), scene.hints_of(asset, labels))
        try:
            count = client.opened.result().page_count
            pages = [i for i, path in enumerate(paths) if path is not None] if asset.dataset else [0]
            sizes = {page: client.info(page).result().size for page in pages if page < count}
        except FetchError:
            return None, {}, None
        except DecodeError as error:
            return None, {}, Problem(
                severity="error", what=str(error), instead="the labels are listed without the picture",
                file=self._export.path.name, asset_index=asset.index, external_id=asset.external_id, path="$.asset",
            )  # fmt: skip
        finally:
            client.close()
        return (count if asset.kind != "video" else None), sizes, None
