"""Run the checks of this project, and show in the last line which checks passed.

Usage: ``python tools/checks.py TARGET``, in an environment that ``make`` set up. The targets are those of the Makefile.
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parent.parent
SUPPORTED: Final = ("3.11", "3.12", "3.13", "3.14")
COVERAGE_FLOOR: Final = 95
"""The percentage of the lines that the fast tests run at least."""
NEEDS_POSTGRES: Final = "frontegg_async/bulk/postgres_*.py,frontegg_async/bulk/shard*.py,frontegg_async/bulk/worker.py"
WORKERS: Final = 2
BESIDE: Final = 5
"""The number of parallel checks: more than the usual cores, since tests also wait for the network or a timeout."""
WAITING_WORKERS: Final = 3
"""The number of parallel tests that wait for browsers and servers."""
FEW_PARTS: Final = 4
"""The number of parts of the fast tests. Each part imports the packages again."""
MANY_PARTS: Final = 8
"""The number of parts of the slow tests. With few parts, one would still run long after the others."""
FAST: Final = "not slow and not each_python and not acceptance and not hypothesis"
ANYWHERE: Final = f"{FAST} and not one_python"
"""The fast tests that may depend on the version of Python."""
COVERED: Final = f"({FAST}) or postgres"
LONG: Final = "(slow or hypothesis) and not acceptance and not postgres"
"""The slow tests and the tests of properties, which have the mark ``hypothesis``."""
PROPERTIES: Final = "hypothesis and not acceptance"
FEW_EXAMPLES: Final = ("--hypothesis-profile", "quick")
MARKED_SLOW: Final = re.compile(r"\bmark\.slow\b")
MARKED_EACH_PYTHON: Final = re.compile(r"\bmark\.each_python\b")
MARKED_ACCEPTANCE: Final = re.compile(r"\bmark\.acceptance\b")
MARKED_EXTENDED: Final = re.compile(r"\bmark\.extended\b")
ANY: Final = re.compile("")
WITH_PROPERTIES: Final = re.compile(r"^from hypothesis\b|\bmark\.hypothesis\b", re.MULTILINE)
TYPED: Final = ROOT / ".venv" / "bin" / "python"
"""The Python whose environment has the packages for type checkers."""
OWN_VERSION: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
CLOSING_LINE: Final = re.compile(r"=*\s*((?:\d+ [a-z]+(?:, )?)+) in [0-9.]+s.*")
COUNT: Final = re.compile(r"(\d+) (?!deselected)([a-z]+)")
DESCRIPTIONS: Final = "FRONTEGG_OPENAPI_DIR"
VERDICTS: Final = {False: "FAILED", True: "passed", None: "not run"}
COMPLETE: Final = re.compile(r"Type completeness score: (.*)")
CASES: Final = re.compile(r"schemathesis: (.*), \d+ s")
DECLARED: Final = re.compile(r"(declared \d+ of \d+)")
GOALS: Final = re.compile(r"performance: (.*), \d+ s")
BRIEF: Final = "acceptance and not extended"
SCOREBOARD: Final = "tests/acceptance/test_scoreboard.py"
CONTRACTS: Final = re.compile(r"Contracts: (.*)\.")
SITE: Final = "docs/_build/html"
SNIPPETS: Final = "build/snippets"
"""The directory for the Python snippets of the pages, which type checkers read; see ``tests/docs/typed.py``."""
SNIPPET: Final = re.compile(rf"(?:\S*/)?{SNIPPETS}/(\w+?)(?:__at_\d+)?\.py")
TOTAL: Final = re.compile(r"TOTAL .*?([0-9.]+)%")
BRANCHES: Final = re.compile(r'\{"percent": ([0-9.]+),.*')


@dataclass(frozen=True)
class Result:
    """The result of a check or of a part: passed, failed, or ``None`` if it could not run here."""

    name: str
    passed: bool | None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


Check: TypeAlias = Callable[[], Result]


def run(argv: Sequence[str], notes: re.Pattern[str] | None = None, **variables: str) -> tuple[bool, str]:
    """Run a command and forward its output. Names of snippet files are replaced by their pages.

    Args:
        argv: The command.
        notes: A pattern to search in the output lines.
        variables: Additional environment variables.

    Returns:
        Whether it succeeded, and the first group of the last line that matched.
    """
    note = ""
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", **variables}
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as process:
        for line in process.stdout or ():
            print(SNIPPET.sub(page_of, line), end="", flush=True)
            if notes and (match := notes.fullmatch(line.strip())):
                note = match[1]
    return process.returncode == 0, note


def page_of(module: re.Match[str]) -> str:
    """Return the page of a file with snippets. Both have the same line numbers."""
    return f"{module[1].replace('__', '/')}.md"


def run_side_by_side(chosen: Sequence[Check]) -> list[Result]:
    """Run checks, several in parallel. Their output lines are mixed."""
    with ThreadPoolExecutor(max_workers=BESIDE) as pool:
        return list(pool.map(report, chosen))


def report(check: Check) -> Result:
    """Run one check, and print its outcome and duration."""
    started = time.monotonic()
    result = check()
    print(f"-- {result}: {VERDICTS[result.passed]}, {time.monotonic() - started:.0f} s", flush=True)
    return result


def module(*arguments: str, python: str = sys.executable) -> tuple[str, ...]:
    """Return the command that runs a module of an environment."""
    return (python, "-u", "-m", *arguments)


def python_of(version: str) -> str:
    """Return the Python of a version, with the packages of the tests."""
    name = f"tests-{version.replace('.', '-')}"
    return sys.executable if version == OWN_VERSION else str(ROOT / ".nox" / name / "bin" / "python")


def nox(version: str, *options: str) -> tuple[str, ...]:
    """Return the command that runs nox for the tests of a Python, with options."""
    return module("nox", "--non-interactive", "--session", f"tests-{version}", *options, python=str(TYPED))


def pytest(marks: str, *, workers: int = WORKERS) -> tuple[str, ...]:
    """Return the arguments that run the tests with some marks."""
    return ("pytest", "-q", "-n", str(workers), "--dist", "worksteal", "-m", marks)


def tool(name: str, *argv: str) -> Callable[[], Result]:
    """Return a check that runs a command."""
    return lambda: Result(name, run(argv)[0])


def typed(checker: str, setting: str, *others: str) -> Result:
    """Run a type checker on the paths in pyproject.toml and on other files."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    arguments = (*settings["tool"][checker][setting], *others)
    return Result(checker, run(module(checker, *arguments, python=str(TYPED)))[0])


def write_snippets() -> None:
    """Write the snippets of the pages for the type checkers.

    Raises:
        CalledProcessError: A page has a snippet that cannot be written.
    """
    subprocess.run(module("tests.docs.typed", SNIPPETS, python=str(TYPED)), cwd=ROOT, check=True)


def parts(files: Iterable[str], count: int) -> list[list[str]]:
    """Split test files into parts of about the same size, the largest directory first.

    Each part runs in its own process, which collects only this part. Workers of xdist would collect all tests, and the
    transfer of an outcome takes as long as a fast test.
    """
    directories: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        directories.setdefault(Path(file).parts[:2], []).append(file)
    sizes = {file: (ROOT / file).stat().st_size for each in directories.values() for file in each}
    found: list[list[str]] = [[] for _ in range(count)]
    for each in sorted(directories.values(), key=lambda each: sum(map(sizes.__getitem__, each)), reverse=True):
        min(found, key=lambda part: sum(map(sizes.__getitem__, part))).extend(each)
    return found


def in_parts(name: str, marks: str, start: Sequence[str], files: Iterable[str], count: int = FEW_PARTS) -> list[Check]:
    """Return a check for each part of the test files. Its command begins with ``start``."""
    options = ("-q", "-p", "no:cacheprovider", "-m", marks)
    return [functools.partial(tested, name, (*start, *options, *part)) for part in parts(files, count)]


def tested(name: str, argv: Sequence[str]) -> Result:
    """Run tests."""
    return Result(name, *run(argv, CLOSING_LINE))


def covered(python: str, ended: threading.Semaphore) -> Result:
    """Wait for all parts, and compare the coverage of lines with the floor."""
    for _ in range(FEW_PARTS):
        ended.acquire()
    coverage = functools.partial(module, "coverage", python=python)
    combined, _ = run(coverage("combine", "--quiet"))
    enough, total = run(coverage("report", f"--fail-under={COVERAGE_FLOOR}", *omitted()), TOTAL)
    return Result("coverage of lines", combined and enough, f"{total} %, floor {COVERAGE_FLOOR} %")


def policies(python: str) -> Result:
    """Compare the branch coverage of the policies by their own tests with 100 %."""
    passed, percent = run((python, "tools/quality/branch_coverage.py"), BRANCHES)
    return Result("branch coverage of the policies", passed, f"{percent} %")


def omitted() -> tuple[str, ...]:
    """Return the options of a coverage report, without modules that no test can run without PostgreSQL."""
    has_postgres = shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return () if has_postgres else (f"--omit={NEEDS_POSTGRES}",)


def marked_files(mark: re.Pattern[str] = ANY) -> list[str]:
    """Return the test files that match a mark, so that pytest need not collect the other files."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(file.relative_to(ROOT)) for file in files if mark.search(file.read_text(encoding="utf-8"))]


def accepted() -> Result:
    """Run the acceptance tests without the scoreboard. The tests of a file share a worker and its slow fixtures."""
    files = [file for file in marked_files(MARKED_ACCEPTANCE) if file != SCOREBOARD]
    by_file = ("--dist", "loadfile", "--no-loadscope-reorder")
    chosen = (*pytest(BRIEF, workers=WAITING_WORKERS), *by_file)
    passed, note = run(module(*chosen, "-vv", *files), CLOSING_LINE)
    return Result(f"acceptance tests on {OWN_VERSION}", passed, note)


def scored() -> Result:
    """Run the rows of the scoreboard, which run in parallel by themselves."""
    passed, note = run(module(*pytest(BRIEF, workers=0), "-vv", SCOREBOARD), CLOSING_LINE)
    return Result("scoreboard", passed, note)


def properties() -> Result:
    """Run the tests of properties with all examples. `make test` uses a few examples."""
    passed, note = run(module(*pytest(PROPERTIES), *marked_files(WITH_PROPERTIES)), CLOSING_LINE)
    return Result(f"properties on {OWN_VERSION}", passed, note)


def fuzzed() -> Result:
    """Test the emulator with schemathesis by its own document. `make reliability` sends ten times as many requests."""
    passed, note = run((sys.executable, "-u", "tools/quality/fuzz.py", "--short"), CASES)
    return Result("schemathesis", passed, note)


def described() -> Result:
    """Count the operations of the official descriptions that are declared. Tests check the missing operations."""
    passed, note = run((sys.executable, "tools/descriptions.py", os.environ[DESCRIPTIONS]), DECLARED)
    return Result("official descriptions", passed, note)


def reliable() -> Result:
    """Run all tests with the mark of this target: long rows, scenarios, kills, and each switch alone."""
    chosen = (*pytest("acceptance", workers=0), "-vv", "--full", *marked_files(MARKED_EXTENDED))
    return Result("scoreboard, scenarios and the longest tests", *run(module(*chosen), CLOSING_LINE))


def measured() -> Result:
    """Measure the goals of speed and memory."""
    passed, note = run(module("benchmarks"), GOALS)
    return Result("goals", passed, note)


def complete(package: str) -> Result:
    """Check with pyright that every public name of a package has a type. pyright uses the first Python on the path."""
    path = os.pathsep.join((str(TYPED.parent), os.environ.get("PATH", "")))
    asked = module("pyright", "--ignoreexternal", "--verifytypes", package, python=str(TYPED))
    passed, note = run(asked, COMPLETE, PATH=path, PYTHONPATH=str(ROOT))
    if not passed:  # the score is rounded: 100% can still lack a symbol
        note = f"less than whole, rounded {note}; the symbols without a type are listed above"
    return Result(f"type completeness of {package}", passed, note)


def built() -> Result:
    """Build the documentation. A warning is an error."""
    shutil.rmtree(ROOT / SITE, ignore_errors=True)
    passed, _ = run(module("sphinx", "--fail-on-warning", "--keep-going", "-q", "-j", str(WORKERS), "docs", SITE))
    return Result("documentation", passed, f"{SITE}/index.html")


def missing(version: str) -> Result | None:
    """Return the result "not run" for a Python that is not installed; ``None`` if it is."""
    python = shutil.which(f"python{version}")
    probe = "import sys, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != sys.argv[1])"
    if python and not subprocess.run([python, "-c", probe, version], capture_output=True, check=False).returncode:
        return None
    return Result(f"tests on {version}", passed=None, note=f"no Python {version} with venv here")


def layered() -> Result:
    """Check the imports between packages against the contracts in pyproject.toml."""
    passed, note = run(
        (str(Path(sys.executable).with_name("lint-imports")), "--cache-dir", ".import_linter_cache"), CONTRACTS
    )
    return Result("layers", passed, note)


def audited() -> Result:
    """Check the workflows for unsafe settings, offline."""
    return Result("workflows", run((str(Path(sys.executable).with_name("zizmor")), "--offline", "--quiet", "."))[0])


def static_checks(*others: str) -> list[Check]:
    """Return the checks of `make check` without tests. The types of other files are also checked."""
    return [
        lambda: typed("mypy", "files", *others),
        tool("ruff check", *module("ruff", "check", ".", "--output-format", "concise")),
        tool("ruff format", *module("ruff", "format", "--check", ".")),
        tool("generated code", sys.executable, "tools/generate.py", "--check"),
        tool("operations page", sys.executable, "tools/make_operations.py", "--check"),
        layered,
        audited,
    ]


def minor(version: str) -> int:
    """Return the second number of a version."""
    return int(version.partition(".")[2])


def farthest(versions: Sequence[str]) -> str:
    """Return the Python that differs most from this Python. Programs that run on both run on all between them."""
    return max(versions, key=lambda version: abs(minor(version) - sys.version_info.minor))


def programs() -> list[Check]:
    """Return the checks that run the programs of the tests on this Python, and on the one that differs most from it."""
    tests = (*pytest("each_python and not slow and not acceptance"), *marked_files(MARKED_EACH_PYTHON))
    found: list[Check] = [lambda: tested(f"programs on {OWN_VERSION}", module(*tests))]
    others = [version for version in SUPPORTED if version != OWN_VERSION and missing(version) is None]
    if not others:
        absent = Result("programs on another Python", passed=None, note="no other Python with venv here")
        return [*found, lambda: absent]
    version = farthest(others)
    return [*found, lambda: tested(f"programs on {version}", (*nox(version, "--"), *tests[1:]))]


def counted(check: Check, ended: threading.Semaphore) -> Check:
    """Return a check that releases a semaphore when it ends."""

    def run() -> Result:
        try:
            return check()
        finally:
            ended.release()

    return run


def suite() -> list[list[Check]]:
    """Return the stages of `make test`: first the environments, then all checks, so that no core is idle.

    The slow tests begin first, since some of them wait long, and the shortest parts begin last. The newest Python
    measures the coverage of lines, which takes almost no time since 3.12. The check of the coverage waits for the parts
    that it measures.
    """
    write_snippets()
    run(module("coverage", "erase"))
    absent = {version: missing(version) for version in SUPPORTED if version != OWN_VERSION}
    others = [version for version, result in absent.items() if result is None]
    newest, *older = sorted((OWN_VERSION, *others), key=minor, reverse=True)
    environments = [tool(f"environment of {version}", *nox(version, "--install-only")) for version in others]
    checks = static_checks(SNIPPETS)
    if os.environ.get(DESCRIPTIONS):
        checks.append(described)
    checks += [functools.partial(lambda result: result, result) for result in absent.values() if result]
    slow = {*marked_files(MARKED_SLOW), *marked_files(WITH_PROPERTIES)}
    start = module("pytest", *FEW_EXAMPLES)
    checks += in_parts(f"slow tests and properties on {OWN_VERSION}", LONG, start, slow, MANY_PARTS)
    checks.append(functools.partial(policies, python_of(newest)))
    ended = threading.Semaphore(0)
    start = module("coverage", "run", "-m", "pytest", python=python_of(newest))
    fast = in_parts(f"fast tests on {newest}", COVERED, start, marked_files())
    checks += [counted(part, ended) for part in fast]
    checks.append(functools.partial(covered, python_of(newest), ended))
    for version in older:
        start = module("pytest", python=python_of(version))
        checks += in_parts(f"fast tests on {version}", ANYWHERE, start, marked_files())
    return [environments, checks]


def stages(which: str) -> list[list[Check]]:
    """Return the checks of a target of the Makefile, in stages. The checks of a stage run in parallel."""
    if which == "reliability":
        return [[reliable]]
    if which == "performance":
        return [[measured]]
    if which == "acceptance":
        write_snippets()
        types: list[Check] = [lambda: typed("pyright", "include", SNIPPETS)]
        types += [functools.partial(complete, package) for package in ("frontegg_async", "frontegg_sync")]
        return [[accepted, fuzzed, *types], [scored], [properties, *programs()]]
    if which == "docs":
        return [[built]]
    if which == "check":
        return [[*in_parts(f"fast tests on {OWN_VERSION}", FAST, module("pytest"), marked_files()), *static_checks()]]
    return suite()


def merged(results: Sequence[Result]) -> list[Result]:
    """Merge the results of the parts of each check."""
    names = dict.fromkeys(result.name for result in results)
    return [functools.reduce(with_part, (each for each in results if each.name == name)) for name in names]


def with_part(whole: Result, part: Result) -> Result:
    """Return the sum of two results."""
    counts = Counter[str]()
    for number, outcome in COUNT.findall(f"{whole.note}, {part.note}"):
        counts[outcome] += int(number)
    note = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    return Result(whole.name, whole.passed and part.passed, note)


def summary(which: str, results: Sequence[Result], seconds: float) -> str:
    """Return the last output line."""
    parts = [
        f"{verdict} - {', '.join(str(result) for result in results if result.passed is state)}"
        for state, verdict in VERDICTS.items()
        if any(result.passed is state for result in results)
    ]
    minutes, rest = divmod(round(seconds), 60)
    return f"make {which}: {'; '.join(parts)}; {minutes} min {rest} s"


def concluded(which: str, work: Callable[[], Sequence[Result]]) -> int:
    """Run the work of a target and print the last line, even if a command fails or Ctrl-C interrupts it.

    Returns:
        The exit status: 1 when a check failed, 130 after Ctrl-C.
    """
    started = time.monotonic()
    try:
        results = work()
    except subprocess.CalledProcessError as error:
        print(f"make {which}: FAILED - {shlex.join(error.cmd)}, which the checks need")
        return 1
    except KeyboardInterrupt:
        print(f"make {which}: FAILED - interrupted")
        return 130
    print(summary(which, results, time.monotonic() - started))
    return int(any(result.passed is False for result in results))


def main() -> int:
    """Run the checks; return 1 if a check failed."""
    parser = argparse.ArgumentParser(description="Run the checks of this project.")
    parser.add_argument("which", choices=("check", "test", "acceptance", "docs", "reliability", "performance"))
    which: str = parser.parse_args().which
    return concluded(which, lambda: merged([each for stage in stages(which) for each in run_side_by_side(stage)]))


if __name__ == "__main__":
    sys.exit(main())
