"""The environments beside ``.venv``: one for each supported Python, and those that only one command needs.

Each session installs a dependency group of ``pyproject.toml`` by ``tools/install.py``, and keeps its environment below
``.nox``. The targets of the Makefile call them; on any platform, ``nox -s tests-3.13`` runs the tests of one Python.
"""

from __future__ import annotations

import shutil

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "venv"  # it has pip, which installs where uv cannot
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests"]
nox.options.error_on_missing_interpreters = False

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def install(session: nox.Session, group: str) -> None:
    """Install this project and a dependency group into the environment of a session."""
    session.run_install("python", "tools/install.py", group)


@nox.session(python=PYTHONS, download_python="never")
def tests(session: nox.Session) -> None:
    """Run the tests that may depend on the Python; arguments replace those of pytest."""
    install(session, "test")
    session.run("python", "-m", "pytest", *(session.posargs or ("-q", "-m", "not slow and not acceptance")))


@nox.session
def acceptance(session: nox.Session) -> None:
    """Run the long checks; `make acceptance` also makes ``.venv``, which has the type checker."""
    install(session, "acceptance")
    session.run("python", "tools/checks.py", "acceptance")


@nox.session(python=next((each for each in reversed(PYTHONS) if shutil.which(f"python{each}")), None))
def peers(session: nox.Session) -> None:
    """Set up the environment of the other clients that the benchmarks measure, on the newest Python that is here."""
    install(session, "peers")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz the parsers of what comes from outside."""
    install(session, "fuzz")
    session.run("python", "tools/quality/fuzz_parsers.py", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the code of the policies in one place at a time, and see whether a test notices."""
    install(session, "mutants")
    session.run("python", "tools/quality/mutate.py", *session.posargs)
