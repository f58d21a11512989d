from viewer.errors import (
    DECODE_CODES,
    DecodeError,
    ExportError,
    FetchError,
    Problem,
    ViewerError,
    WorkerError,
    one_line,
)


def test_every_error_is_for_people_to_read():
    errors = [ExportError("a"), FetchError("a", code="expired"), DecodeError("a"), WorkerError("a")]
    assert all(isinstance(error, ViewerError) and str(error) == "a" for error in errors)
    assert [getattr(error, "code", None) for error in errors] == [None, "expired", "Corrupt", "Internal"]
    assert {"Unsupported", "Corrupt", "Internal"} <= set(DECODE_CODES)


def test_a_problem_as_a_line():
    problem = Problem(
        severity="error", what="a\tb\nc", instead="d", asset_index=3, external_id="x\x1b[2J.png", path="$.a"
    )
    assert problem.line() == "error\t3\tx [2J.png\t$.a\ta b c\td"
    assert Problem(severity="warning", what="w", offset=17).line() == "warning\t\t\tbyte 17\tw\t"


def test_a_problem_as_the_command_line_writes_it():
    names = ["severity", "file", "asset_index", "external_id", "offset", "path", "what", "instead"]
    found = Problem(severity="error", what="w", file="e.json").as_dict()
    assert list(found) == names
    assert found["file"] == "e.json"
    assert found["offset"] is None


def test_text_on_one_line():
    assert one_line("a\u202eb\x00c é 😀") == "a b c é 😀"
