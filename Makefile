# `make generate` and `make test` need nothing but Python >= 3.11, git and make: the first one to run sets up .venv.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.sadpath-installed
PYTEST_ARGS ?=
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python
SOURCES := generator tests

# The stamp holds the folder that was installed from: an environment that was copied or lost its interpreter is made anew.
INSTALLED := $(shell test "$$(cat $(STAMP) 2>/dev/null)" = "$$(pwd -P)" && $(BIN)/python -c "" 2>/dev/null && echo yes)

.DEFAULT_GOAL := help
.PHONY: help generate check test proof conformance bench lint format wheel clean FORCE
.DELETE_ON_ERROR:

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

generate: $(STAMP) ## Write generated/ from specs/ and templates/
	@PYTHONPATH=generator $(BIN)/python tests/golden/test_rules.py --write
	@$(BIN)/python -m sadpath generate
	@said=$$(cd specs/features && ../../$(BIN)/python -m sadpath generate 2>&1) || { echo "$$said" >&2; exit 1; }; \
	echo "$$said" | tail -n 1
	@PYTHONPATH=generator:tests $(BIN)/python tests/golden/test_features.py --write
	@PYTHONPATH=generator:generated/python:generated/features/python:tests $(BIN)/python tests/golden/test_guides.py --write
	@PYTHONPATH=generator:tests $(BIN)/python tests/golden/test_documentation.py --write

check: $(STAMP) ## Fail where generated/ is not what would be generated
	@$(BIN)/python -m sadpath generate --check
	@said=$$(cd specs/features && ../../$(BIN)/python -m sadpath generate --check 2>&1) || { echo "$$said" >&2; exit 1; }; \
	echo "$$said" | tail -n 1

test: lint ## Lint, then run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST_ARGS)

proof: $(STAMP) ## What takes long: property tests with thousands of cases, other clients and other testers
	@SADPATH_PROOF=1 $(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST_ARGS) tests/properties tests/proof tests/conformance

conformance: $(STAMP) ## Examine what is generated for the documents of CORPUS=DIR; SAMPLE=N takes some, PEERS=1 others' generators
	@test -n "$(CORPUS)" || { echo "make: name a folder of OpenAPI documents: make conformance CORPUS=DIR" >&2; exit 2; }
	@PYTHONPATH=tests $(BIN)/python -m conformance.corpus "$(CORPUS)" $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(PEERS),--peers) $(CONFORMANCE_ARGS)

bench: $(STAMP) ## Compare times with those of other generators; BIG=FILE is a large document, otherwise one is made up
	@PYTHONPATH=tests $(BIN)/python -m conformance.bench $(if $(BIG),--big "$(BIG)") $(BENCH_ARGS)

lint: $(STAMP) ## Check style and types
	@$(BIN)/python -m black --check $(SOURCES) || { echo "not formatted: run make format" >&2; exit 1; }
	@$(BIN)/python -m ruff check --quiet $(SOURCES)
	@found=$$($(BIN)/lint-imports --no-cache) || { echo "$$found" >&2; exit 1; }
	@$(BIN)/python -m mypy
	@$(BIN)/pyright -p pyproject.toml --pythonpath $(BIN)/python

format: $(STAMP) ## Format our own sources and mend what Ruff can
	@$(BIN)/python -m ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/python -m black --quiet $(SOURCES)

wheel: $(STAMP) ## Build the wheel and the source archive into dist/
	@$(BIN)/python -m build --no-isolation --outdir dist

clean: ## Remove the environment, caches and builds
	@rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find $(SOURCES) generated -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(STAMP): pyproject.toml constraints.txt $(if $(INSTALLED),,FORCE)
	@found=; bare=; \
	for candidate in $(PYTHONS); do \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		if "$$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then found=$$candidate; break; fi; \
		bare=$${bare:-$$candidate}; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
		echo "make: $$bare can't create a virtual environment: its module venv or ensurepip is missing." >&2; \
		echo "make: install it (Debian and Ubuntu: the package python3-venv), or name another one: make PYTHON=/path/to/python" >&2; \
		exit 1; \
	elif [ -z "$$found" ]; then \
		echo "make: no Python >= 3.11 was found; install one, or name it: make PYTHON=/path/to/python" >&2; \
		exit 1; \
	fi; \
	echo "make: setting up $(VENV) with $$("$$found" --version)" >&2; \
	"$$found" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables setuptools wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev]'
	@pwd -P > $@
