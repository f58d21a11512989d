import json
from pathlib import Path

import msgspec
import pytest

from viewer.errors import ViewerError
from viewer.settings import Settings, SettingsFile, default_path


def test_only_differences_are_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    assert file.settings == Settings()
    assert not path.exists()
    assert file.change(theme="dark", tags=True).theme == "dark"
    assert json.loads(path.read_text()) == {"version": 1, "theme": "dark"}
    assert SettingsFile(path).settings == Settings(theme="dark")
    file.change(theme="system")
    assert json.loads(path.read_text()) == {"version": 1}


def test_two_programs_keep_each_others_changes(tmp_path: Path) -> None:
    one, two = SettingsFile(tmp_path / "s.json"), SettingsFile(tmp_path / "s.json")
    one.change(theme="dark")
    assert two.change(tags=False) == Settings(theme="dark", tags=False)
    assert SettingsFile(tmp_path / "s.json").settings == Settings(theme="dark", tags=False)


def test_a_value_of_a_wrong_type_costs_only_itself_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"version": 1, "theme": "pink", "tags": false, "later": 1}')
    file = SettingsFile(path)
    assert file.settings == Settings(tags=False)
    assert file.notice is not None
    assert "theme" in file.notice
    assert list(tmp_path.glob("s.json.damaged-*"))
    assert file.change(offline=True) == Settings(tags=False, offline=True)
    assert SettingsFile(path).settings == Settings(tags=False, offline=True)


def test_unknown_members_of_another_version_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"version": 1, "later": 1}')
    SettingsFile(path).change(theme="dark")
    assert json.loads(path.read_text()) == {"version": 1, "later": 1, "theme": "dark"}


def test_a_damaged_file_means_defaults_and_a_notice(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(b"\x00\x01")
    file = SettingsFile(path)
    assert (file.settings, bool(file.notice)) == (Settings(), True)


def test_newer_settings_are_followed_and_changes_hold_until_the_end(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"version": 7, "theme": "dark"}')
    file = SettingsFile(path)
    assert file.settings.theme == "dark"
    assert file.change(theme="light").theme == "light"
    assert SettingsFile(path).settings.theme == "dark"


def test_what_cannot_be_saved_still_holds(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    file = SettingsFile(tmp_path / "file" / "s.json")
    with pytest.raises(ViewerError, match="could not be saved"):
        file.change(theme="dark")
    assert file.settings.theme == "dark"


def test_wrong_names_and_values_are_refused(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "s.json")
    with pytest.raises(TypeError):
        file.change(colour="red")
    with pytest.raises(msgspec.ValidationError):
        file.change(theme="pink")
    assert file.settings == Settings()


def test_the_default_place_is_in_the_configuration_folder(isolated_home: Path) -> None:
    assert default_path().is_relative_to(isolated_home)
