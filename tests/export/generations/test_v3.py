from tests.make.assets import examples, parsed, told


def test_history_in_the_order_of_the_file_and_the_current_state_last():
    (task,) = parsed(examples()[22]).tasks
    assert [(s.index, s.stage, s.review_status) for s in task.snapshots] == [
        (0, "Start", None), (1, "Label", None), (2, "Review", "Rejected"), (3, "Label", None),
        (4, "Review", "Accepted"), (5, "Complete", None),
    ]  # fmt: skip
    assert [s.is_current for s in task.snapshots] == [False] * 5 + [True]
    answers = [[c.answer for c in s.labels.classifications] for s in task.snapshots]
    assert answers == [[], ["Red"], ["Red"], ["Blue"], ["Blue"], ["Blue"]]


def test_a_task_that_is_null_is_no_task():
    asset = parsed({"asset": "a.png", "task": None})
    assert told(asset) == []
    assert asset.tasks[0].task_id is None


def test_unknown_members_are_kept():
    task = {"taskId": "t", "isSkipped": True, "idleDuration": 5, "future": [1]}
    assert parsed({"task": task}).tasks[0].fields == {"isSkipped": True, "idleDuration": 5, "future": [1]}
