"""Variables have the values that are given, or those of the environment of the process."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import FilesError, InvalidArgumentError
from frontegg_async.plans.environment_files.environment_files import EnvironmentFiles, read_environment_files
from frontegg_async.plans.environment_files.variables import Variables, read_variables
from frontegg_async.snapshots.environment_format import escaped, variable


def replaced(value: JsonValue, **variables: str) -> JsonValue:
    """Return a value without variables, which has no fault."""
    faults: list[str] = []
    found = Variables(variables).replaced(value, (), lambda _, message: faults.append(message))
    assert faults == []
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${A}", "${B}"),
        ("x${A}y${_a1}z", "x${B}y$z"),
        ("$${A}", "${A}"),
        ("$$${A}", "$${A}"),
        ("$A $$ {A} ${A", None),
        ("$A $$ {A} $", "$A $$ {A} $"),
        ("${}", None),
        ("${1A}", None),
        ("${A B}", None),
        ("${\u00e9}", None),
    ],
)
def test_texts(text: str, value: str | None) -> None:
    """A value is literal, and a mark that begins no variable is a fault."""
    faults: list[tuple[object, str]] = []
    variables = Variables({"A": "${B}", "_a1": "$"})
    found = variables.replaced([text], ("x",), lambda path, message: faults.append((path, message)))
    if value is None:
        assert [path for path, _ in faults] == [("x", 0)]
    else:
        assert (found, faults) == ([value], [])


@pytest.mark.slow
@given(st.text(alphabet="${}A\u00e9", max_size=12))
def test_escapes_are_undone(text: str) -> None:
    """Whatever a text has, an export of the text is read as the text."""
    assert replaced(escaped(text)) == text
    assert replaced({"${A}": [variable("A"), 1, None]}, A=text) == {"${A}": [text, 1, None]}


def _read(variables: dict[str, str], **fields: object) -> EnvironmentFiles:
    return read_environment_files(
        [{"format": "frontegg-environment/1", "roles": {"${A}": {"name": "${A}", **fields}}}], variables
    )


def test_the_environment_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that is given wins, and only variables that a file has are in the digest."""
    monkeypatch.setenv("FRONTEGG_VAR_A", "outer")
    assert _read({"B": "x"}).objects["roles"]["${A}"].values == {"name": "outer"}
    assert _read({"A": "inner"}).objects["roles"]["${A}"].values == {"name": "inner"}
    assert _read({"A": "outer"}).digests == _read({"B": "x"}).digests
    assert _read({"A": "outer"}).digests != _read({"A": "inner"}).digests


def test_values_are_checked() -> None:
    """A value of a variable must be one that the field may have."""
    with pytest.raises(
        FilesError, match=r"environment\.roles\.\${A}\.permissions: permissions must be a list of texts"
    ):
        _read({"A": ""}, permissions=["${A}"])


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ([], "variables must be a mapping, not list"),
        ({"A-B": "x"}, "the name of a variable must be letters, digits and _, .*: 'A-B'"),
        ({1: "x"}, "the name of a variable must be letters, digits and _, .*: 1"),
        ({"A": 3}, "the variable A must be text, not int"),
    ],
)
def test_variables_that_are_none(variables: object, message: str) -> None:
    """They are errors of the caller."""
    with pytest.raises(InvalidArgumentError, match=message):
        Variables(variables)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text"),
    [("vars.json", '{"A": "${B}",\n"B": ""}'), ("vars.yml", "A: ${B}\nB: ''\n"), ("vars.yaml", '{"A": "${B}", B: ""}')],
)
def test_files(tmp_path: Path, name: str, text: str) -> None:
    """Their values are literal."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert read_variables(path) == {"A": "${B}", "B": ""}


def test_faults_of_files(tmp_path: Path) -> None:
    """All are reported."""
    path = tmp_path / "vars.yml"
    path.write_text("A: 3\nB-C: x\nD:\nE: x\nE: x\nF: [x]\n", encoding="utf-8")
    with pytest.raises(FilesError) as caught:
        read_variables(path)
    name = "the name of a variable must be letters, digits and _, and must not begin with a digit"
    assert [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults] == [
        "1:4: A must be text, not a number: write it with quotes",
        f"2:1: {name}: 'B-C'",
        "3:3: D must be text, not null",
        "5:1: the key 'E' occurs twice",
        "6:4: F must be text, not a list",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("vars.txt", "vars.txt: the name of the file must end in .json, .yml, .yaml"),
        ("missing.yml", "missing.yml: the file cannot be read: No such file or directory"),
        ("list.yml", "list.yml:1:1: the file must be a mapping of names to texts, not a list"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, message: str) -> None:
    """They are faults too."""
    (tmp_path / "list.yml").write_text("- a", encoding="utf-8")
    with pytest.raises(FilesError, match=message):
        read_variables(tmp_path / name)


def test_a_path_that_is_none() -> None:
    """It is an error of the caller."""
    with pytest.raises(InvalidArgumentError, match="vars must be a path, not dict"):
        read_variables({})  # type: ignore[arg-type]
