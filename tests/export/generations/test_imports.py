import pytest

from tests.make.assets import parsed, told

POINT = {"point": [1, 2], "schemaId": "s", "title": "car"}


@pytest.mark.parametrize("name", ["objects", "tools"])
def test_labels_at_the_top_level(name):
    asset = parsed(
        {"data": "https://h/a.png", name: [POINT], "classifications": [{"title": "q", "answer": "x"}], "other": 1}
    )
    assert told(asset) == []
    assert (asset.url, asset.kind, asset.fields) == ("https://h/a.png", "image", {"other": 1})
    (task,) = asset.tasks
    assert (task.task_id, task.current.labels.count, len(task.current.labels.classifications)) == (None, 1, 1)
    assert task.current.labels.annotations[0].path == f"$.{name}[0]"


def test_a_task_on_its_own():
    bare = {
        "taskId": "t",
        "stage": "Review",
        "stageId": "r",
        "tools": [{**POINT, "objectId": "a"}],
        "stageHistory": [{"stage": "Label", "tools": []}],
    }
    asset = parsed(bare)
    assert told(asset) == []
    (task,) = asset.tasks
    assert task.task_id == "t"
    assert [(s.stage, s.labels.count) for s in task.snapshots] == [("Label", 0), ("Review", 1)]


def test_only_a_name():
    asset = parsed({"externalId": "a.png"})
    assert asset.name == "a.png"
    assert asset.tasks[0].current.labels.count == 0
