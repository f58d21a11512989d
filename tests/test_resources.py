from pathlib import Path

import pytest

from viewer import resources


def test_in_the_source_tree_they_lie_beside_the_package() -> None:
    assert resources.folder() == Path(resources.__file__).resolve().parent.parent / "resources"


def test_in_a_wheel_they_lie_inside_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_resources" / "demo").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert resources.path("demo") == tmp_path / "_resources" / "demo"
    with pytest.raises(FileNotFoundError, match="install again"):
        resources.path("demo/none.json")


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/passwd", "demo/../../README.md"])
def test_a_name_does_not_lead_out(name: str) -> None:
    with pytest.raises(ValueError, match="inside"):
        resources.path(name)
