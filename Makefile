# Each command sets up .venv by itself, once. Needed beforehand: Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# Tests start many processes, which would each compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test lint proof samples pictures environment lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: $(READY) ## Render the sample client and print where its report is
	@$(BIN)/gtmdiag render data_samples/northlight --to html,pdf,deck,pptx,xlsx

test: $(READY) ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(READY) ## Check style, types, the import contract and that notebooks hold no outputs
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb

proof: $(READY) ## Run the heavy proofs that `make test` leaves out
	@$(BIN)/python -m pytest -m proof || { status=$$?; [ $$status -eq 5 ] || exit $$status; }

samples: $(READY) ## Make the sample clients and the example answers anew
	@$(BIN)/python data_samples/make_samples.py
	@$(BIN)/python -m scripts.examples

pictures: report ## Make the README's pictures anew from the sample's report and deck (needs poppler)
	@$(BIN)/python -m scripts.pictures data_samples/northlight/reports/2026-10

environment: $(READY) ## Write environment.yml from pyproject.toml
	@$(BIN)/python -m scripts.environment

lock: $(READY) ## Write requirements.lock from pyproject.toml (all newest: make lock LOCK_FLAGS=--upgrade)
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --quiet $(LOCK_FLAGS) --output-file requirements.lock

clean: ## Remove .venv and everything made by a run
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis dist data_samples/*/reports data_samples/portfolio data_samples/.portfolio-key
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "gtmdiag needs Python 3.11 or newer, but '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)" >&2; \
		echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up .venv: this takes a minute or two, once."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
