"""Texts of inputs and of accounts do nothing to a terminal: control and bidirectional characters are escaped."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

import frontegg_sync
from frontegg_async import cli
from frontegg_async.bulk.rows import BadRow
from frontegg_async.bulk.stores import read_report
from frontegg_async.cli.output import FORMATS
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.emulator.process import run_emulator

HOSTILE: Final = "a\x1b[2J\x1b]0;b\x07\x9b31m\u202e\u2066\0\x7f\nz"
NAME: Final = HOSTILE.replace("\0", "").replace("\n", "")


def acting(text: str) -> set[str]:
    """Return the characters of a text that would act on a terminal."""
    return {character for character in text.replace("\r\n", "\n") if character != "\n" and not character.isprintable()}


@pytest.fixture
def hostile(tmp_path: Path, emulator: EmulatorHandle) -> Path:
    """A file of rows whose texts are hostile, where accounts have such names too."""
    emulator.seed(tenants=[{"tenantId": "there", "name": NAME, "metadata": json.dumps({"plan": NAME})}])
    rows: list[dict[str, object]] = [
        {"tenant_id": "new", "name": HOSTILE},
        {"tenant_id": f"x{HOSTILE}", "name": "bad id"},
        {"tenant_id": "there", "name": NAME},
        {"tenant_id": "column", HOSTILE: 1},
        {"tenant_id": "value", "name": {HOSTILE: HOSTILE}},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def ledger(hostile: Path, tmp_path: Path) -> str:
    """The ledger of a job that did those rows."""
    path = str(tmp_path / "ledger")
    assert cli.run(["bulk", "run", "create", str(hostile), "--ledger", path, "--on-bad-row", "report"]) == 3
    return path


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Have standard output and error be a terminal without colours; yield what it was given, at the end."""
    import pty

    shown: list[str] = []
    master, slave = pty.openpty()
    monkeypatch.setenv("TERM", "dumb")
    with monkeypatch.context() as patched, open(slave, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        patched.setattr(sys, "stdout", stream)
        patched.setattr(sys, "stderr", stream)
        yield shown
        data = b""
        while select.select([master], [], [], 0)[0]:
            data += os.read(master, 65_536)
        shown.append(data.decode())
    os.close(master)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="it needs a pseudo terminal")
@pytest.mark.usefixtures("environ")
def test_commands_on_a_terminal(
    hostile: Path, ledger: str, tmp_path: Path, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each format."""
    before, after = str(tmp_path / "before.jsonl"), str(tmp_path / "after.jsonl")
    assert cli.run(["export", before]) == 0
    emulator.seed(tenants=[{"tenantId": "later", "name": NAME}])
    assert cli.run(["export", after]) == 0
    dry = ("bulk", "run", "create", str(hostile), "--on-bad-row", "report", "--dry-run")
    commands: Sequence[Sequence[str]] = (
        ("bulk", "report", ledger),
        ("bulk", "report", ledger, "--only", "failed"),
        ("bulk", "status", ledger),
        (*dry, "--rows"),
        dry,
        dry[:4],
        ("tenants", "list"),
        ("tenants", "get", "there"),
        ("tenants", "get", HOSTILE.replace("\0", "")),
        ("hierarchy", "tree", "there"),
        ("diff", before, after),
        ("api", "GET", f"/tenants/{NAME}"),
    )
    for command in commands:
        for output in (*FORMATS, None):
            with terminal(monkeypatch) as shown:
                cli.run([*command, *(("--output", output) if output else ())])
            assert (command, output, acting(shown[0])) == (command, output, set())


@pytest.mark.usefixtures("environ")
def test_texts_in_programs(ledger: str, tmp_path: Path) -> None:
    """What ``print`` shows, and notebooks."""
    report = read_report(ledger)
    bad = BadRow(1, 1, HOSTILE, HOSTILE, file=HOSTILE)
    texts = [str(report), repr(report), report.summary(40), report._repr_html_(), str(bad), repr(bad)]
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    before.write_text("", encoding="utf-8")
    with frontegg_sync.Frontegg.from_env() as frontegg:
        frontegg.export(after)
        frontegg.export(before)
        before.write_text(before.read_text(encoding="utf-8").replace("a\\u001b", "b\\u001b"), encoding="utf-8")
        found = frontegg.tenants.list().all()
        texts += [repr(each) for each in found] + [each._repr_html_() for each in found]
        tree = frontegg.hierarchy.tree("there")
        texts += [tree.render(), tree.to_mermaid(), tree.to_dot(), tree._repr_html_(), repr(tree)]
        texts += [str(frontegg.tenants.list(filter=NAME)), frontegg.tenants.list(filter=NAME)._repr_html_()]
    changes = frontegg_sync.diff(before, after)
    texts += ["\n".join(changes.lines(form)) for form in ("table", "markdown")]
    texts += [changes._repr_html_(), repr(changes)]
    assert [text for text in texts if acting(text)] == []


@pytest.mark.slow
def test_programs() -> None:
    """The emulator and the conformance kit tell of arguments and files without acting on the terminal."""
    name = HOSTILE.replace("\0", "")
    kit = "from frontegg_async.conformance.__main__ import main; import sys; sys.exit(main())"
    for arguments, code in (
        ((name,), None),
        (("--seed", name), None),
        (("--host", name), None),
        (("--ready-file", f"{name}/{name}"), None),
        (("--persist", f"{name}/{name}"), None),
        ((name,), kit),
        (("--base-url", name), kit),
        (("--state", name, "--clean"), kit),
        (("--report", f"{name}/{name}"), kit),
    ):
        status, out, err = run_emulator(*arguments, code=code)
        assert (arguments, status != 0, acting(out + err)) == (arguments, True, set())
