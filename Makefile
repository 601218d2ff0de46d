# preauth: every command a contributor needs. `make help` prints them from the comments below.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo run test fuzz check bench

help:  ## print this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(READY)  ## the whole story over HTTP: submit, decide, inquire, bill paid and denied
	@$(BIN)/preauth demo

run: $(READY)  ## serve on http://127.0.0.1:8000/fhir, data in ./data
	@$(BIN)/preauth serve

test: $(READY)  ## all tests, on all cores, with coverage
	@$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term:skip-covered

fuzz: $(READY)  ## 20,000 mutations of real examples, judged by three validators
	@PREAUTH_FUZZ=20000 $(BIN)/python -m pytest -q -n auto tests/conformance/test_differential.py

check: $(READY)  ## format, lint, types, import contracts, house rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/house -q

bench: $(READY)  ## measured ratios, one table, one run
	@$(BIN)/python -m tests.bench

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY)
