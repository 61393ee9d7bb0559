# make run        set up, build the index if it is stale, open the REPL (or answer each line of a pipe)
# make test       set up, then lint, types, floors and the test suite with its coverage gate
# make test-slow  the suites that take longer
# make audit      known vulnerabilities, secrets in the repository, licences
# make docs       regenerate what is generated: .env.example and the marked parts of the pages
# make site       the documentation as HTML in site/

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: run test test-slow audit docs site install clean

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "assemblybot needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: $(INSTALLED)
	@$(BIN)/assemblybot repl

test: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto -m 'not slow' -rs --cov --cov-report=term

test-slow: $(INSTALLED)
	$(BIN)/pytest -n auto -m slow -rs

audit: $(INSTALLED)
	$(BIN)/python deploy/audit.py

docs: $(INSTALLED)
	$(BIN)/python docs/generate.py

site: $(INSTALLED)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

clean:
	rm -rf $(VENV) index/*/ index/CURRENT
