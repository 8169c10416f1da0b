"""The workflows of ``examples/accounts_as_code`` run, with an emulator, and a server that takes the comments."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
import yaml

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.docs.markdown import ROOT, blocks
from tests.support.nursery import forked

FOLDER: Final = ROOT / "examples" / "accounts_as_code"
PAGE: Final = ROOT / "docs" / "howto" / "promote.md"
_EXPRESSION: Final = re.compile(r"\$\{\{ ([a-z_.A-Z]+) \}\}")
_NEEDED: Final = ("bash", "curl", "jq", "sha256sum")

needs_programs = pytest.mark.skipif(
    any(shutil.which(each) is None for each in _NEEDED), reason=f"it needs {', '.join(_NEEDED)}"
)


@attrs.define
class Comments:
    """A server in the place of GitHub's API."""

    url: str
    posted: list[tuple[str, str, str]] = attrs.Factory(list[tuple[str, str, str]])
    """The path, the authorization and the text of each comment."""


@pytest.fixture
def comments() -> Iterator[Comments]:
    """A server that takes comments."""
    taken = Comments("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.posted.append((self.path, self.headers["Authorization"], body["body"]))
            self.send_response(201)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        taken.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield taken
        server.shutdown()
        thread.join()


@attrs.frozen
class Runner:
    """Runs the steps of a workflow as GitHub does, but for those that use an action or install something."""

    folder: Path
    emulator: EmulatorHandle
    comments: Comments

    def run(self, workflow: str, **context: str) -> tuple[int, str]:
        """Run the steps of a workflow up to the first that fails.

        Args:
            workflow: The name of the file.
            context: More values of expressions, by their names with ``__`` in the place of dots.

        Returns:
            The exit code of the last step, and what the steps have written.
        """
        (job,) = yaml.safe_load((self.folder / workflow).read_text(encoding="utf-8"))["jobs"].values()
        values = {
            "vars.FRONTEGG_CLIENT_ID": self.emulator.client_id,
            "vars.FRONTEGG_REGION": "",
            "secrets.FRONTEGG_SECRET_KEY": self.emulator.secret,
            "secrets.WEBHOOK_BILLING_SECRET": "secret-of-production",
            "github.token": "token-of-github",
            "github.event.number": "7",
            "github.run_id": "4711",
            **{name.replace("__", "."): value for name, value in context.items()},
        }
        written = ""
        for step in job["steps"]:
            if "run" not in step or step["name"] == "Install":
                continue
            ended, outputs = self._run_step(step, values)
            values |= {f"steps.{step.get('id')}.outputs.{name}": value for name, value in outputs.items()}
            written += ended.stdout
            if ended.returncode:
                return ended.returncode, written
        return 0, written

    def _run_step(
        self, step: Mapping[str, Any], values: Mapping[str, str]
    ) -> tuple[subprocess.CompletedProcess[str], Mapping[str, str]]:
        assert not _EXPRESSION.search(step["run"]), "a shell would run what an expression stands for"
        given = {name: _EXPRESSION.sub(lambda mark: values[mark[1]], text) for name, text in step["env"].items()}
        outputs = self.folder / "outputs"
        outputs.write_text("", encoding="utf-8")
        script = self.folder / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FRONTEGG_")},
            "FRONTEGG_BASE_URL": self.emulator.url,
            "FRONTEGG_CONFIG_DIR": str(self.folder / "settings"),
            "GITHUB_API_URL": self.comments.url,
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_REPOSITORY": "vendor/accounts",
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            **given,
        }
        ended = subprocess.run(
            ["bash", "-e", str(script)],
            cwd=self.folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        lines = outputs.read_text(encoding="utf-8").splitlines()
        return ended, dict(line.split("=", 1) for line in lines)


@pytest.fixture
def runner(tmp_path: Path, comments: Comments) -> Iterator[Runner]:
    """A runner in a checkout of the examples, for an environment that is production."""
    checkout = tmp_path / "checkout"
    shutil.copytree(FOLDER, checkout)
    program = checkout / "bin" / "frontegg"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.join(forked())} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    with Emulator() as emulator:
        yield Runner(checkout, emulator.create_environment(switches={"environment_type": "production"}), comments)


def _digest(comment: str) -> str:
    found = re.search("digest `([0-9a-f]{64})`", comment)
    assert found is not None
    return found[1]


@needs_programs
@pytest.mark.slow
def test_a_pull_request_gets_the_plan_as_a_comment_and_its_digest_lets_it_be_applied(runner: Runner) -> None:
    """Only applying writes, and the next plan is empty."""
    code, written = runner.run("plan.yml")
    assert (code, written) == (0, "")
    ((path, authorization, comment),) = runner.comments.posted
    assert (path, authorization) == ("/repos/vendor/accounts/issues/7/comments", "Bearer token-of-github")
    assert "Run 4711, digest" in comment
    assert "| created | `roles.analyst` |" in comment
    assert {entry.method for entry in runner.emulator.journal() if entry.route != "auth.authenticate"} == {"GET"}

    refused, _ = runner.run("apply.yml", inputs__digest="0" * 64)
    assert refused == 2
    applied, said = runner.run("apply.yml", inputs__digest=_digest(comment))
    assert applied == 0, said
    again, _ = runner.run("plan.yml")
    assert again == 0
    assert "0 changes" in runner.comments.posted[-1][2]


@needs_programs
@pytest.mark.slow
def test_a_shut_guard_fails_the_workflow_after_the_comment(runner: Runner) -> None:
    """With the exit code of the guard, and a plan that cannot be applied."""
    roles = {f"r{number}": {"name": f"R{number}", "level": 10} for number in range(9)}
    with runner.emulator.client() as frontegg:
        frontegg.plan([{"format": "frontegg-environment/1", "roles": roles}]).save(runner.folder / "roles.jsonl")
        frontegg.apply(runner.folder / "roles.jsonl")
    workflow = runner.folder / "plan.yml"
    text = workflow.read_text(encoding="utf-8").replace("--out plan.jsonl", "--prune part:roles --out plan.jsonl")
    workflow.write_text(text, encoding="utf-8")
    code, _ = runner.run("plan.yml")
    ((_, _, comment),) = runner.comments.posted
    assert code == 6
    assert "**the guard role-removal refuses the plan: 11 changes, and the limit is 3**" in comment
    assert runner.run("apply.yml", inputs__digest=_digest(comment))[0] == 6


@needs_programs
@pytest.mark.slow
def test_faults_of_files_fail_the_workflow_after_the_comment(runner: Runner) -> None:
    """The comment has the fault with its place, and there is no plan to keep."""
    (runner.folder / "production.yml").write_text("format: frontegg-environment/1\nrole: {}\n", encoding="utf-8")
    code, _ = runner.run("plan.yml")
    ((_, _, comment),) = runner.comments.posted
    assert code == 2
    assert "    production.yml:2:1: unknown part 'role'; did you mean 'roles'?" in comment
    assert not (runner.folder / "plan.jsonl").exists()


def test_the_page_about_imports_shows_the_program() -> None:
    """Without its docstring."""
    (shown,) = (each.text for each in blocks(PAGE.with_name("import_accounts.md")) if each.language == "py")
    program = ROOT / "examples" / "import_from_crm" / "convert.py"
    assert program.read_text(encoding="utf-8").endswith(f'"""\n\n{shown}')


def test_the_page_shows_the_files() -> None:
    """Each file of the examples, without the comment at its beginning."""
    shown = {block.text for block in blocks(PAGE) if block.language == "yaml"}
    files = [each.read_text(encoding="utf-8") for each in sorted(FOLDER.glob("*.yml")) if "variables" not in each.name]
    assert {re.sub("^#.*\n", "", text) for text in files} <= shown
