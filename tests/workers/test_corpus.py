"""Thousands of real files, each through its decoder in a worker: pixels or a sentence, and no death."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from viewer.decoders.base import Hints
from viewer.errors import DecodeError, WorkerError
from viewer.workers import DocumentClient, PagePixels, Pool

pytestmark = pytest.mark.corpus

KINDS = ("image", "dicom", "pdf", "video")
AT_ONCE = 2
LIMIT_S = 120.0
"""Beyond the sum of a worker's own limits: open, then one page."""


def corpus(kind: str) -> list[Path]:
    """The files of a kind, in a fixed order."""
    folder = Path(os.environ["ANGO_VIEWER_CORPORA"]) / kind
    return sorted(path for path in folder.rglob("*") if path.is_file())


def outcomes(paths: list[Path]) -> Iterator[tuple[Path, Any, float]]:
    """Each file's first page: PagePixels or the exception, and the seconds it took."""
    with Pool(documents=AT_ONCE) as pool:
        running: deque[tuple[Path, DocumentClient, Future[PagePixels], float]] = deque()
        queue = deque(paths)
        while queue or running:
            while queue and len(running) < AT_ONCE:
                path = queue.popleft()
                client = pool.open_paths([path], Hints(name=path.name))
                running.append((path, client, client.render(0), time.monotonic()))
            path, client, future, began = running.popleft()
            error = future.exception(LIMIT_S)
            yield path, error if error is not None else future.result(), time.monotonic() - began
            client.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_page_of_every_file(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    paths = corpus(kind)
    if not paths:
        pytest.skip(f"there are no {kind} files")
    shown: Counter[str] = Counter()
    total: Counter[str] = Counter()
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    deaths: list[str] = []
    wrong: list[str] = []
    slowest: list[tuple[float, str]] = []
    for path, outcome, seconds in outcomes(paths):
        suffix = path.suffix.lower() or "none"
        total[suffix] += 1
        slowest.append((seconds, path.name))
        name = f"{path.parent.name}/{path.name}"
        if isinstance(outcome, PagePixels):
            shown[suffix] += 1
            if not outcome.pixels.size or min(outcome.info.size) <= 0:
                wrong.append(f"{name}: no pixels")
        elif isinstance(outcome, WorkerError):
            deaths.append(f"{name}: {outcome}")
        elif isinstance(outcome, DecodeError):
            reasons[outcome.code].append(f"{name}: {outcome}")
            if not str(outcome).strip() or outcome.code == "Internal":
                wrong.append(f"{name}: {outcome}")
        else:
            wrong.append(f"{name}: {outcome!r}")
    with capsys.disabled():
        print(f"\n{kind}: {sum(shown.values())} of {sum(total.values())} shown, {len(deaths)} deaths")
        for suffix, count in total.most_common():
            print(f"  {suffix:10} {shown[suffix]:5} of {count:5}  {shown[suffix] / count:6.1%}")
        for code, texts in sorted(reasons.items()):
            print(f"  {code}: {len(texts)}")
        print("  slowest:", ", ".join(f"{name} {seconds:.1f} s" for seconds, name in sorted(slowest)[-3:]))
        report = os.environ.get("ANGO_VIEWER_CORPUS_REPORT")
        if report:
            lines = [f"{code}\t{text}" for code, texts in reasons.items() for text in texts]
            Path(report, f"{kind}.tsv").write_text("\n".join([*lines, *deaths, *wrong]))
    assert deaths == []
    assert wrong == []
