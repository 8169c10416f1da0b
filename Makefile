# Needs git, make and Python 3.11 or later. Installs everything else below .venv and .nox. PYTHON=... chooses another
# Python.
PYTHON ?=
export PYTHON
PY := .venv/bin/python
NOX := $(PY) -m nox --non-interactive
SETUP := sh tools/venv.sh .venv
MAKEFLAGS += --no-print-directory --no-builtin-rules
# Keep compiled modules, even if the caller's variable forbids them: hundreds of processes would compile them again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help more demo test check acceptance docs reliability performance generate sync mutants fuzz dist clean dev
FUZZ_SECONDS ?= 60

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

more: ## Show the slow commands that few need
	@sed -n 's/^\([a-z]*\):.* ### \(.*\)/make \1\t\2/p' Makefile | expand -t 18

demo: ## Manage 1,200 accounts on the emulator with the async and the blocking client, and check the result
	@$(SETUP) demo || { echo "make demo: FAILED while setting up"; exit 1; }
	@$(PY) examples/demo.py || { echo "make demo: FAILED"; exit 1; }

dev:
	@$(SETUP) dev || { echo "make: FAILED while setting up .venv"; exit 1; }

test: ## Run the checks and the suite; run the fast tests on each installed Python
	@$(SETUP) suite || { echo "make test: FAILED while setting up .venv"; exit 1; }
	@$(PY) tools/checks.py test

check: dev ## Run the quick checks: lint, formatting, generated code, types, layers, fast tests
	@$(PY) tools/checks.py check

acceptance: ## Run the long checks: types by pyright, browsers, forking servers, starred rows of the scoreboard, all examples of properties, generated requests (needs a C compiler)
	@$(SETUP) suite && $(NOX) --session acceptance --install-only || { echo "make acceptance: FAILED while setting up .nox/acceptance: uWSGI is compiled, which needs a C compiler and the headers of Python (Debian: apt-get install gcc libc6-dev python3-dev)"; exit 1; }
	@.nox/acceptance/bin/python tools/checks.py acceptance

docs: ## Build the documentation in docs/_build/html; a warning is an error
	@$(SETUP) test docs || { echo "make docs: FAILED while setting up .venv"; exit 1; }
	@$(PY) tools/checks.py docs

reliability: dev ### Measure the goals of reliability and security, and run applications while the service fails
	@$(PY) tools/checks.py reliability

performance: dev ### Measure the goals of speed and memory, compared with other clients in .nox/peers
	@$(PY) tools/checks.py performance

generate: dev ## Generate frontegg_sync, the classes that take a tenant id, the page of operations, and the list of public names
	@$(PY) tools/generate.py && $(PY) tools/make_operations.py && $(PY) tools/make_public_surface.py && echo "make generate: frontegg_sync is up to date" || { echo "make generate: FAILED"; exit 1; }

sync: generate

mutants: ### Change the code of the policies in one place at a time, and check that a test fails (half an hour)
	@$(SETUP) nox && $(NOX) --session mutants --install-only || { echo "make mutants: FAILED while setting up .nox/mutants"; exit 1; }
	@.nox/mutants/bin/python tools/quality/mutate.py && echo "make mutants: passed" || { echo "make mutants: FAILED"; exit 1; }

fuzz: ### Fuzz the parsers of untrusted input, FUZZ_SECONDS=60 each (atheris: Python 3.11 to 3.13, Linux x86-64)
	@$(SETUP) nox && $(NOX) --session fuzz --install-only || { echo "make fuzz: FAILED while setting up .nox/fuzz: atheris is made for Python 3.11 to 3.13 on Linux x86-64; after make clean, choose one with PYTHON=..."; exit 1; }
	@.nox/fuzz/bin/python tools/quality/fuzz_parsers.py --seconds $(FUZZ_SECONDS) && echo "make fuzz: passed" || { echo "make fuzz: FAILED"; exit 1; }

dist: dev ## Build sdist and wheel twice, compare the builds, and write a bill of materials (CycloneDX)
	@$(PY) tools/make_dist.py || { echo "make dist: FAILED"; exit 1; }

clean: ## Remove the virtual environments and the files of tools
	@rm -rf .venv .nox dist build docs/_build htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "make clean: done"
