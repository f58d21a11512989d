from tests.make.assets import parsed
from viewer.export.generations import GENERATIONS


def test_an_archive_put_together_from_several_times():
    tools = [{"point": [1, 2], "objectId": "a"}]
    forms = [
        {"task": {"taskId": "1", "tools": tools}},
        {"tasks": [{"taskId": "1", "objects": tools}]},
        {"taskId": "1", "tools": tools},
        {"task": {"taskId": "1", "tools": tools}, "categorySchema": {}, "tasks": None},
    ]
    for form in forms:
        asset = parsed({"asset": "a.png", **form})
        assert (asset.tasks[0].task_id, asset.tasks[0].current.labels.count) == ("1", 1)


def test_every_generation_has_its_functions():
    assert all(callable(g.matches) and callable(g.tasks) for g in GENERATIONS)
