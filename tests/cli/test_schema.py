"""``frontegg schema`` prints a JSON Schema without any settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async import cli
from frontegg_async.plans.file_schemas.file_schemas import FILE_SCHEMAS, FileKindLiteral, file_schema


@pytest.mark.parametrize("kind", FILE_SCHEMAS)
def test_a_schema_needs_no_credential(
    kind: FileKindLiteral, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither is a request sent."""
    for name in ("FRONTEGG_CLIENT_ID", "FRONTEGG_API_KEY", "FRONTEGG_SECRET_KEY", "FRONTEGG_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRONTEGG_CONFIG_DIR", str(tmp_path))
    assert cli.run(["schema", kind]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert json.loads(printed.out) == file_schema(kind)


def test_another_kind_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The message has the kinds."""
    assert cli.run(["schema", "plans"]) == 2
    assert "'accounts', 'environment'" in capsys.readouterr().err
