# Tenure. `make help` lists the targets.
# Every target that needs packages depends on the stamp of `make install`, so a second start installs nothing.
# The lock names all that is needed, so pip resolves nothing: it would take a newer release of what is asked for by extra.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SOURCES := console screens services
TESTS := env -u NO_COLOR -u TEXTUAL_THEME -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n 3 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help install compile demo test check coverage types lint layers format bench matrix orders-matrix soak pictures snapshots lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

install: $(STAMP) ## create .venv with everything in it, from the lock file

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "tenure needs Python 3.11 or newer; try: make PYTHON=/path/to/python3.11"; exit 1; }
	@if test -e $(BIN)/python; then echo "==> bringing $(VENV) up to date"; else echo "==> creating $(VENV) (once)"; fi
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "tenure needs Python's venv module; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "==> installing the locked packages (about a minute, the first time)"
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@echo "==> installing the command tenure"
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q $(SOURCES)
	@touch $(STAMP)

# Compiled anew where a source has changed since: the first picture does not wait for it.
compile: $(STAMP)
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q $(SOURCES)

demo: compile ## open the console on the sandbox: an embedded AWS and internal API with a seeded fleet
	@$(BIN)/tenure demo $(ARGS)

# mypy needs one core for a while, and the tests wait now and then: they run at once, and what mypy says comes last.
test: $(STAMP) lint layers ## everything: lint, layering, types, all tests
	@said=$$(mktemp); \
	$(MAKE) --no-print-directory types >"$$said" 2>&1 & types=$$!; \
	trap 'kill $$types 2>/dev/null; rm -f "$$said"' EXIT; trap 'exit 130' INT TERM; \
	$(MAKE) --no-print-directory check; tests=$$?; \
	wait $$types; types_ended=$$?; cat "$$said"; \
	if [ $$tests -ne 0 ]; then echo "==> the tests failed"; fi; \
	if [ $$types_ended -ne 0 ]; then echo "==> the types failed"; fi; \
	exit $$((tests || types_ended))

lint: $(STAMP)
	@echo "==> lint (ruff)"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

layers: $(STAMP)
	@echo "==> layering (import-linter)"
	@$(BIN)/lint-imports --no-cache

types: $(STAMP)
	@echo "==> types (mypy strict)"
	@$(BIN)/mypy

check: compile ## the tests alone (ARGS="-k name" narrows)
	@echo "==> tests (pytest, 3 processes)"
	@$(TESTS) $(ARGS)

# Apart from the tests: the tracer makes what it measures half as slow again, and what it says passes or fails nothing.
coverage: compile ## the tests with branch coverage: what no written example reaches (ARGS="-k name" narrows)
	@echo "==> tests (pytest, 3 processes, branch coverage)"
	@$(TESTS) --cov --cov-report=term-missing:skip-covered $(ARGS)

format: $(STAMP) ## let ruff format and mend what it can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: compile ## measure, each figure beside its floor or peer in the same run; writes docs/benchmarks.md
	@$(BIN)/python -m tests.bench $(ARGS)

matrix: compile ## every fault on every service and region; writes docs/reliability.md (ARGS="denied:rds" tries one)
	@$(BIN)/python -m tests.reliability $(ARGS)

orders-matrix: compile ## every fault at every step of every action; writes docs/reliability.md (ARGS="--only renew")
	@$(BIN)/python -m tests.reliability.orders $(ARGS)

soak: compile ## the console under random faults (ARGS="--minutes 120"): does anything grow or stick?
	@$(BIN)/python -m tests.soak $(ARGS)

pictures: $(STAMP) ## make the README's pictures from the real screens
	@$(BIN)/python -m tests.pictures

snapshots: $(STAMP) ## accept the screens as they are now; look at each before you commit it
	@env -u NO_COLOR -u TEXTUAL_THEME $(BIN)/pytest -n 2 --snapshot-update $(ARGS)

lock: $(STAMP) ## resolve requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --all-extras --upgrade pyproject.toml -o requirements.lock

clean: ## remove .venv and what the tools left
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage build dist
