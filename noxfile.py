"""The environments in addition to ``.venv``: one for each supported Python, and one for each command with other needs.

Each session installs a dependency group of ``pyproject.toml`` with ``tools/install.py``, and keeps its environment
below ``.nox``. The targets of the Makefile call the sessions. On any platform, ``nox -s tests-3.13`` runs the tests
with Python 3.13.
"""

from __future__ import annotations

import shutil

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "venv"  # it has pip, for platforms without uv
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests"]
nox.options.error_on_missing_interpreters = False

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def install(session: nox.Session, group: str) -> None:
    """Install this project and a dependency group into the environment of a session."""
    session.run_install("python", "tools/install.py", group)


@nox.session(python=PYTHONS, download_python="never")
def tests(session: nox.Session) -> None:
    """Run the tests that may depend on the version of Python. Arguments replace those of pytest."""
    install(session, "test")
    session.run("python", "-m", "pytest", *(session.posargs or ("-q", "-m", "not slow and not acceptance")))


@nox.session
def acceptance(session: nox.Session) -> None:
    """Run the long checks. `make acceptance` also creates ``.venv``, which has the type checker."""
    install(session, "acceptance")
    session.run("python", "tools/checks.py", "acceptance")


@nox.session(python=next((each for each in reversed(PYTHONS) if shutil.which(f"python{each}")), None))
def peers(session: nox.Session) -> None:
    """Create the environment of the other clients in the benchmarks, on the newest installed Python."""
    install(session, "peers")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz the parsers of untrusted input."""
    install(session, "fuzz")
    session.run("python", "tools/quality/fuzz_parsers.py", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the code of the policies in one place at a time, and check that a test fails."""
    install(session, "mutants")
    session.run("python", "tools/quality/mutate.py", *session.posargs)
