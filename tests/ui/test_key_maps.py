"""Keys: maps, own keys, conflicts."""

from __future__ import annotations

import pytest

from viewer.ui import key_maps
from viewer.ui.actions import ACTIONS

DEFAULTS = {record.id: record.shortcuts for record in ACTIONS}


@pytest.mark.parametrize("chosen", key_maps.TITLES)
def test_no_map_gives_one_key_two_meanings(chosen: key_maps.Map) -> None:
    assert key_maps.conflicts(key_maps.resolved(DEFAULTS, chosen, {})) == []


@pytest.mark.parametrize("chosen", key_maps.TITLES)
def test_maps_name_actions_that_exist(chosen: key_maps.Map) -> None:
    assert set(key_maps.DIFFERENCES[chosen]) <= set(DEFAULTS)


def test_the_default_map_binds_no_bare_letters_of_other_tools() -> None:
    keys = {key_maps.normal(key) for theirs in DEFAULTS.values() for key in theirs}
    assert not keys & set("adfcvs")


def test_own_keys_win_and_are_taken_from_others() -> None:
    keys = key_maps.resolved(DEFAULTS, "cvat", {"fit": ("F",)})
    assert keys["fit"] == ("F",)
    assert "F" not in keys["next_page"]
    assert "Right" in keys["next_page"]
    assert key_maps.conflicts(keys) == []


def test_spellings_of_one_key_are_one_key() -> None:
    assert key_maps.normal("Shift+Ctrl+K") == key_maps.normal("ctrl+shift+k")
    assert key_maps.normal("Ctrl++") != key_maps.normal("Ctrl+-")
    assert key_maps.conflicts({"a": ("Ctrl+K",), "b": ("ctrl+k",)}) == [("ctrl+k", "a", "b")]
