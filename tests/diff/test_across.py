"""Which assets of two exports are the same."""

from hypothesis import given
from hypothesis import strategies as st

from viewer.diff.across import Identity, Match, match_assets


def ids(asset: str | None = None, *tasks: str, name: str | None = None) -> Identity:
    return Identity(asset, tasks, name)


def test_asset_id_before_task_id_before_external_id() -> None:
    before = [ids("A", "t1", name="x"), ids(None, "t2", name="y"), ids(None, name="z"), ids(None, name="gone")]
    after = [ids(None, name="z"), ids(None, "t2", name="other"), ids("A", "t9", name="w"), ids(None, name="new")]
    assert match_assets(before, after) == [Match(0, 2), Match(1, 1), Match(2, 0), Match(3, None), Match(None, 3)]


def test_a_name_that_is_used_twice_does_not_join_two_assets() -> None:
    assert match_assets([ids("A", name="x")], [ids("B", name="x")]) == [Match(0, None), Match(None, 0)]


def test_annotators_tasks_of_one_asset_go_with_their_own() -> None:
    before = [ids("A", "anna"), ids("A", "ben")]
    after = [ids("A", "ben"), ids("A", "anna"), ids("A", "cleo")]
    assert match_assets(before, after) == [Match(0, 1), Match(1, 0), Match(None, 2)]


identities = st.lists(
    st.builds(
        Identity,
        st.sampled_from([None, "A", "B", "C"]),
        st.lists(st.sampled_from("tuv"), max_size=2).map(tuple),
        st.sampled_from([None, "x", "y"]),
    ),
    max_size=8,
)


@given(identities, identities)
def test_every_asset_is_told_once(before: list[Identity], after: list[Identity]) -> None:
    found = match_assets(before, after)
    assert [m.before for m in found if m.before is not None] == list(range(len(before)))
    assert sorted(m.after for m in found if m.after is not None) == list(range(len(after)))
    for match in found:
        if match.before is not None and match.after is not None:
            one, two = before[match.before], after[match.after]
            assert not (one.asset_id and two.asset_id) or one.asset_id == two.asset_id


@given(identities)
def test_an_export_is_the_same_as_itself(assets: list[Identity]) -> None:
    known = [a for a in assets if a != Identity(None, (), None)]
    assert all(m.before is not None and m.after is not None for m in match_assets(known, known))
