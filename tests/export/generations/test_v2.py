from tests.make.assets import examples, parsed, told


def test_the_example():
    asset = parsed(examples()[27])
    assert told(asset) == []
    assert asset.fields["consensus"] == 90
    assert [task.task_id for task in asset.tasks] == ["da91302c2e037795bfbf2792", "4eb2f80599b642c9bdfb26bf"]
    first = asset.tasks[0]
    assert len(first.snapshots) == 1
    assert first.current.is_current
    assert first.fields["completedBy"] == "Labeler One"
    assert first.fields["duration(ms)"] == 6429
    assert first.fields["review"]["status"] == "Fixed"
    assert [issue["status"] for issue in first.fields["issues"]] == ["Open"]
    box, roof = first.current.labels.annotations
    assert box.created[1] == "Labeler One"
    assert roof.extra == {"masks": ["https://api.example.com/v2/mask?annotation=1&task=2"]}
    (answer,) = first.current.labels.classifications
    assert (answer.object_id, answer.answer) == (None, "Red")
    assert first.current.labels.relations[0].sources == (box.object_id,)


def test_no_tasks():
    asset = parsed({"asset": "a.jpg", "tasks": [], "status": "To-Do"})
    assert told(asset) == []
    assert len(asset.tasks) == 1
    assert asset.tasks[0].current.labels.count == 0


def test_a_broken_task_costs_only_itself():
    asset = parsed({"asset": "a.jpg", "tasks": [5, {"taskId": "t", "objects": [{"point": [1, 2], "objectId": "a"}]}]})
    assert [task.task_id for task in asset.tasks] == ["t"]
    assert [p.path for p in told(asset)] == ["$.tasks[0]"]
