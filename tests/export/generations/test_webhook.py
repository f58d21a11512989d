from tests.make.assets import parsed, told

PAYLOAD = {
    "asset": "https://h/a.png",
    "externalId": "a.png",
    "dataset": [],
    "projectId": "p",
    "batches": ["6512"],
    "batchNames": ["batch_1"],
    "overlay": [],
    "categorySchema": {"tools": [{"schemaId": "s", "title": "car", "color": "#ff0000"}]},
    "task": {
        "taskId": "t",
        "stage": "5e8f78a7",
        "stageName": "Review",
        "type": "default",
        "brushDataUrl": None,
        "tools": [{"point": [1, 2], "objectId": "a"}],
    },
}


def test_stage_is_the_id_and_batches_have_names():
    asset = parsed(PAYLOAD)
    assert told(asset) == []
    current = asset.tasks[0].current
    assert (current.stage, current.stage_id, current.labels.count) == ("Review", "5e8f78a7", 1)
    assert asset.batches == ("batch_1",)
    assert asset.fields["categorySchema"] == PAYLOAD["categorySchema"]
    assert asset.kind == "image"


def test_without_a_stage_name_it_reads_like_any_task():
    task = {"taskId": "t", "stage": "Label", "stageId": "5e8f"}
    current = parsed({**PAYLOAD, "task": task}).tasks[0].current
    assert (current.stage, current.stage_id) == ("Label", "5e8f")


def test_a_broken_task():
    asset = parsed({**PAYLOAD, "task": 3})
    assert [p.path for p in told(asset)] == ["$.task"]
    assert asset.tasks[0].current.labels.count == 0
