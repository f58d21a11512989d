"""The built distributions hold what the program needs, and the pinned releases are complete."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = (
    "import sys, viewer, viewer.resources as r; print(viewer.__file__); print(r.folder()); print(r.path('fonts'));"
    "print(len(list(r.path('icons').glob('*.svg'))))"
)


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    return [Requirement(line) for line in lines]


def pins() -> list[Requirement]:
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_requirement_is_pinned_to_one_release_that_fits(version: str, system: str) -> None:
    environment = {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": system}
    pinned: dict[str, str] = {}
    for pin in pins():
        if pin.marker is None or pin.marker.evaluate(environment):
            name = canonicalize_name(pin.name)
            assert name not in pinned, f"{name} is pinned twice"
            (specifier,) = pin.specifier
            assert specifier.operator == "=="
            pinned[name] = specifier.version
    for wanted in requirements():
        if wanted.marker is None or wanted.marker.evaluate(environment):
            assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_qt_is_kept_below_612_where_none_is_counted() -> None:
    lines = [wanted for wanted in requirements() if wanted.name == "PySide6-Essentials"]
    allowed = {
        version: [
            w.specifier.contains("6.12.0") for w in lines if w.marker and w.marker.evaluate({"python_version": version})
        ]
        for version in ("3.11", "3.12", "3.13", "3.14")
    }
    assert allowed == {"3.11": [False], "3.12": [True], "3.13": [True], "3.14": [True]}


def test_constraints_hold_names_and_versions_only() -> None:
    text = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|@|--", text)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, and the wheel made from that sdist as pip would."""
    target = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target)]
    done = subprocess.run([*build, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def resolved(folder: Path, *, cwd: Path) -> list[str]:
    """What `PROGRAM` prints with `folder` before everything else on the path, far from the sources."""
    program = f"sys = __import__('sys'); sys.path.insert(0, {str(folder)!r}); {PROGRAM}"
    done = subprocess.run([sys.executable, "-P", "-c", program], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def icons() -> str:
    return str(len(list((ROOT / "resources" / "icons").glob("*.svg"))))


def test_resources_from_a_wheel(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = archive.namelist()
    site = tmp_path / "site"
    package, folder, fonts, count = resolved(site, cwd=tmp_path)
    assert Path(package) == site / "viewer" / "__init__.py"
    assert (Path(folder), Path(fonts)) == (site / "viewer" / "_resources", site / "viewer" / "_resources" / "fonts")
    assert count == icons() != "0"
    assert not [name for name in names if name.startswith(("tests/", "resources/", "packaging/"))]
    assert [name for name in names if name.endswith("licenses/LICENSE")]
    (entry_points,) = [name for name in names if name.endswith("entry_points.txt")]
    assert "ango-viewer = viewer.__main__:main" in (site / entry_points).read_text()


def test_resources_from_an_sdist(built: Path, tmp_path: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        # Python before 3.11.4 has no filters; from 3.12 on, extracting without one warns.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # type: ignore[assignment]
        archive.extractall(tmp_path)
    (source,) = tmp_path.iterdir()
    package, folder, _, count = resolved(source, cwd=tmp_path)
    assert Path(package) == source / "viewer" / "__init__.py"
    assert Path(folder) == source / "resources"
    assert count == icons()
    for name in ("Makefile", "LICENSE", "README.md", "packaging/bootstrap.py", "packaging/constraints.txt"):
        assert (source / name).is_file()


def test_resources_from_an_editable_install(tmp_path: Path) -> None:
    """The hook that pip calls, and its path file in an environment of its own."""
    program = f"import hatchling.build; print(hatchling.build.build_editable({str(tmp_path)!r}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    venv.create(tmp_path / "environment", with_pip=False)
    windows = tmp_path / "environment" / "Lib" / "site-packages"
    site = next((tmp_path / "environment").glob("lib/python3*/site-packages"), windows)
    with zipfile.ZipFile(tmp_path / done.stdout.splitlines()[-1]) as archive:
        archive.extractall(site)
    python = tmp_path / "environment" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = subprocess.run([python, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    package, folder, _, count = done.stdout.splitlines()
    assert Path(package) == ROOT / "viewer" / "__init__.py"
    assert Path(folder) == ROOT / "resources"
    assert count == icons()


def test_no_path_of_one_machine_and_no_registry_in_what_is_shipped() -> None:
    shipped = [
        ROOT / name for name in ("Makefile", "README.md", "CONTRIBUTING.md", "pyproject.toml", "packaging/bootstrap.py")
    ]
    for path in [*shipped, ROOT / "packaging" / "constraints.txt", *(ROOT / "viewer").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pypi\.org|pythonhosted|--(extra-)?index-url|/root/", text), path
