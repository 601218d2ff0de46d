# The commands of a contributor. `make help` lists them from the comments below.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.run
READY := $(VENV)/.ready
UNFINISHED := $(VENV)/.unfinished

# Install again if the .venv has no Python, or if the checkout was moved or copied.
MADE_FOR := sed -n '1,2s|^[^/]*\(/.*\)/python[0-9.]*.*|\1|p' $(BIN)/preauth 2>/dev/null | head -n 1
$(shell $(BIN)/python -c '' 2>/dev/null && test "$$($(MADE_FOR))" -ef $(BIN) || rm -f $(RUNS) $(READY))

.DEFAULT_GOAL := help
.PHONY: help demo run quick test coverage fuzz check bench packages lock sbom audit

help:  ## print this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(RUNS)  ## play the demo over HTTP: submit, decide, inquire, bill
	@$(BIN)/preauth demo

run: $(RUNS)  ## serve http://127.0.0.1:8000/fhir with data in ./data, filled by the demo
	@$(BIN)/preauth serve --seed

quick: $(READY)  ## run the fast tests: units, house rules, policies, requests (under a minute)
	@$(BIN)/python -m pytest -q -n auto --dist loadgroup -m 'not slow' tests/unit tests/house tests/policies tests/api/requests

test: $(READY)  ## run all tests on all cores
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(WITHOUT)

coverage: $(READY)  ## run all tests, and fail if they miss more than one line in twenty
	@$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term:skip-covered

fuzz: $(READY)  ## compare three validators on 20,000 mutated examples
	@PREAUTH_FUZZ=$(or $(CASES),20000) $(BIN)/python -m pytest -q -n auto tests/conformance/test_differential.py

check: $(READY)  ## check format, lint, types, import contracts and house rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/house -q -n auto --dist loadgroup

bench: $(READY)  ## measure speed as ratios, in one table
	@$(BIN)/python -m tests.bench

packages:  ## list the FHIR packages that tests read; download nothing
	@$(PYTHON) -m tests.support.packages

lock:  ## pin the packages of the image by hash; needs network
	@.ci/supply lock

sbom:  ## list the packages of the image in sbom.json (CycloneDX)
	@.ci/supply sbom

audit:  ## look up the packages of the image among known vulnerabilities; needs network
	@.ci/supply audit

$(RUNS): pyproject.toml constraints.txt
	$(call install,.,its runtime dependencies)
	@touch $(RUNS)

$(READY): pyproject.toml constraints.txt
	$(call install,.[dev],its development dependencies)
	@touch $(RUNS) $(READY)

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
GOAL = $(firstword $(MAKECMDGOALS))

# $(call install,REQUIREMENT,DEPENDENCIES): install into .venv; create it again if it has no pip or is unfinished.
define install
@test ! -e $(UNFINISHED) && $(BIN)/python -c 'import pip; $(NEW_ENOUGH)' 2>/dev/null || { \
	$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo '$(PYTHON) must be Python 3.11 or later. Choose another: make $(GOAL) PYTHON=python3.12' >&2; exit 1; }; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) cannot create a .venv. On Debian and Ubuntu, run this first: apt install python3-venv' >&2; exit 1; }; \
	echo 'Creating $(VENV) with $(PYTHON). This takes some seconds, once.'; \
	rm -rf $(VENV) && mkdir $(VENV) && touch $(UNFINISHED) && $(PYTHON) -m venv $(VENV); }
@echo 'Installing preauth and $(2) into $(VENV). This takes about half a minute, once.'
@touch $(UNFINISHED)
@{ $(BIN)/python -m pip install --disable-pip-version-check --no-compile -c constraints.txt -e '$(1)' \
	&& rm $(UNFINISHED); } | awk '/^Collecting/ { sub(/[^A-Za-z0-9._-].*/, "", $$2); printf "%s ", $$2; fflush() } \
	/^Installing collected/ { print "\nUnpacking." }'
@test ! -e $(UNFINISHED)
endef
