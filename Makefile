# Everything runs from .venv, which the first target makes and keeps up to date.
PYTHON ?= python3
BIN := .venv/bin
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
ENV_EXAMPLE := $(BIN)/python -c 'import sys; from bot.platform.settings import example; sys.stdout.write(example())'
REFERENCE := $(BIN)/python -m docs.reference
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
DEAD := { grep WARNING .venv/pages.log || cat .venv/pages.log; exit 1; }
# Spelled so that this line does not find itself.
REGISTRIES := py[p]i\.org|python[h]osted\.org|npm[j]s\.|registry\.yarn[p]kg|crates\.[i]o/api|proxy\.golan[g]

# Tests are rewritten by pytest when they are imported: bytecode that is kept saves every process of every run ten seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-all simulate chaos check bench docs reference lock env-example

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/ready ## Try Prickle in a small Slack on your own machine
	@exec $(BIN)/prickle demo

demo-reset: .venv/ready ## The same, with everything forgotten first
	@exec $(BIN)/prickle demo --reset

test: .venv/ready ## Run the tests, each on SQLite or PostgreSQL by turns, under three minutes on two cores
	@$(BIN)/python -m pytest -n auto --dist worksteal --durations 10
	@echo "All tests pass. Next: make check"

test-all: .venv/ready ## Run every test on both databases, with browsers and chaos
	@PRICKLE_EVERYTHING=1 $(BIN)/python -m pytest -n auto --dist worksteal --durations 10
	@echo "All tests pass. Next: make check"

simulate: .venv/ready ## Live through companies drawn from seeds: make simulate SEEDS=100, or one again: SEED=7
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),100))

chaos: .venv/ready ## Live a large company's week while replicas are killed and Slack fails, more than half an hour
	@$(BIN)/python -m tests.chaos

check: .venv/ready ## Run all gates: style, types, rooms, migrations, generated files, pages
	@echo "ruff"; $(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@echo "mypy"; $(BIN)/mypy --no-error-summary
	@echo "import-linter"; $(BIN)/lint-imports --no-logo > .venv/imports.log || { cat .venv/imports.log; exit 1; }
	@echo "migrations"; rm -f .venv/check.db*; export DATABASE_URL=sqlite:///.venv/check.db; \
		$(BIN)/prickle migrate > /dev/null && $(BIN)/prickle migrate --check > /dev/null
	@echo "generated files"; $(ENV_EXAMPLE) | diff -u .env.example - || { echo "Run make env-example."; exit 1; }
	@$(REFERENCE) | diff -u docs/reference.md - || { echo "Run make reference."; exit 1; }
	@echo "pages"; $(MKDOCS) --site-dir .venv/site > .venv/pages.log 2>&1 || $(DEAD)
	@$(BIN)/python -m pytest -p no:cacheprovider tests/test_rooms.py tests/test_manual.py tests/test_packaging.py
	@! git grep -nIE '$(REGISTRIES)' || { echo "No package registry is named in this repository: mirrors differ."; exit 1; }
	@echo "All gates are green. Next: make test"

bench: .venv/ready ## Measure how fast commands are acknowledged, pictures painted, prompts planned and messages delivered
	@$(BIN)/python -m benchmarks

docs: .venv/ready ## Build the pages for people into site/
	@$(MKDOCS) > .venv/pages.log 2>&1 || $(DEAD)
	@echo "Built. Open site/index.html"

reference: .venv/ready ## Write docs/reference.md anew, after a change in commands, settings, jobs, cards, tables or scopes
	@$(REFERENCE) > .venv/reference.md && mv .venv/reference.md docs/reference.md

lock: .venv/ready ## Resolve the dependencies anew, after a change in pyproject.toml
	@echo "Resolving, about 10 s …"
	@$(UV_COMPILE) --all-extras --output-file requirements.lock pyproject.toml
	@$(UV_COMPILE) --output-file requirements-serve.lock pyproject.toml
	@echo "Locked. Next: make test"

env-example: .venv/ready ## Write .env.example anew, after a change in bot/platform/settings.py
	@$(ENV_EXAMPLE) > .env.example

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Prickle needs Python 3.11 or newer, and $(PYTHON) is another. Try: make PYTHON=python3.13"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv || { \
		echo "Python can't make a virtual environment here. On Debian: apt-get install python3-venv"; exit 1; }
	@printf 'Installing what Prickle needs into .venv, about a minute the first time '
	@( $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
	) > .venv/install.log 2>&1 & pid=$$!; trap 'kill $$pid 2> /dev/null' INT TERM; \
		while kill -0 $$pid 2> /dev/null; do printf '.'; sleep 1; done; \
		if wait $$pid; then echo ' done'; else echo; cat .venv/install.log; exit 1; fi
	@touch $@
