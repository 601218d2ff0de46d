# preauth: every command a contributor needs. `make help` prints them from the comments below.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.run
READY := $(VENV)/.ready
UNFINISHED := $(VENV)/.unfinished

# A .venv whose Python is gone, or that came here with a checkout that was moved or copied, is not ready for anything.
MADE_FOR := sed -n '1,2s|^[^/]*\(/.*\)/python[0-9.]*.*|\1|p' $(BIN)/preauth 2>/dev/null | head -n 1
$(shell $(BIN)/python -c '' 2>/dev/null && test "$$($(MADE_FOR))" -ef $(BIN) || rm -f $(RUNS) $(READY))

.DEFAULT_GOAL := help
.PHONY: help demo run test fuzz check bench packages

help:  ## print this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(RUNS)  ## the whole story over HTTP: submit, decide, inquire, bill paid and denied
	@$(BIN)/preauth demo

run: $(RUNS)  ## serve on http://127.0.0.1:8000/fhir, data in ./data, the story of the demo in it
	@$(BIN)/preauth serve --seed

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

packages:  ## where the tests read the published FHIR packages, and which are there (downloads nothing)
	@$(PYTHON) -m tests.support.packages

$(RUNS): pyproject.toml constraints.txt
	$(call install,.,what it needs to run)
	@touch $(RUNS)

$(READY): pyproject.toml constraints.txt
	$(call install,.[dev],what its tests and checks need)
	@touch $(RUNS) $(READY)

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
GOAL = $(firstword $(MAKECMDGOALS))

# $(call install,REQUIREMENT,WHAT IT BRINGS): a .venv that has no pip, or was left half made, is made anew.
define install
@test ! -e $(UNFINISHED) && $(BIN)/python -c 'import pip; $(NEW_ENOUGH)' 2>/dev/null || { \
	$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo '$(PYTHON) is not Python 3.11 or later. Name one that is: make $(GOAL) PYTHON=python3.12' >&2; exit 1; }; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) cannot make a .venv. On Debian and Ubuntu, do this first: apt install python3-venv' >&2; exit 1; }; \
	echo 'Making $(VENV) with $(PYTHON): once, some seconds.'; \
	rm -rf $(VENV) && mkdir $(VENV) && touch $(UNFINISHED) && $(PYTHON) -m venv $(VENV); }
@echo 'Installing preauth and $(2) into $(VENV): once, half a minute or so.'
@touch $(UNFINISHED)
@{ $(BIN)/python -m pip install --disable-pip-version-check --no-compile -c constraints.txt -e '$(1)' \
	&& rm $(UNFINISHED); } | awk '/^Collecting/ { sub(/[^A-Za-z0-9._-].*/, "", $$2); printf "%s ", $$2; fflush() } \
	/^Installing collected/ { print "\nUnpacking them." }'
@test ! -e $(UNFINISHED)
endef
