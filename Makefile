# make run          set up what running needs, open the REPL (or answer each line of a pipe)
# make check        set up, then seconds: lint, format, types, layers, and whether what is generated is up to date
# make format       repair what ruff can repair: imports, spacing, simple findings
# make test         what `make check` checks, then the test suite (minutes); COVERAGE=1: with its coverage threshold
# make test-slow    the suites that take longer
# make wheel        the package for `pipx install`, in dist/: with model and corpus
# make vectors      renew index/vectors.npz after a change of the shipped corpus or the encoder (half a minute)
# make check-wheel  build that wheel, install it into an empty environment and ask
# make lock         renew requirements/ after a change of pyproject.toml; UPGRADE=1: the newest of everything
# make audit        known vulnerabilities, secrets in the repository, licences
# make docs         regenerate what is generated: .env.example and the marked parts of the pages
# make site         the documentation as HTML in site/; a warning ends it
# make clean        remove the environment and what was built

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.base
DOCS := $(VENV)/.docs
DEV := $(VENV)/.dev
LOCKS := requirements

UV := $(shell command -v uv)
# Compiling all of it takes as long as installing it; Python compiles what is imported.
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-compile
# What is locked with hashes is the same for both; uv is faster.
LOCKED := $(if $(UV),$(UV) pip install --python $(BIN)/python,$(PIP)) --require-hashes
# With pip: it takes a build of torch for the processor alone, where one lies on the machine.
MORE := $(PIP) --no-build-isolation --constraint $(LOCKS)/dev.txt --editable

.PHONY: run check format test test-slow wheel vectors check-wheel lock audit docs site install clean

install: $(BASE)

$(BASE): pyproject.toml $(LOCKS)/base.txt $(LOCKS)/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11, 2) <= sys.version_info < (3, 15) else "assemblybot needs Python 3.11.2 to 3.14: make PYTHON=python3.12 …")'
	@echo "Setting up, once: 1 of 2, a Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "Setting up, once: 2 of 2, what running needs (137 MB to download, about a minute)"
	@$(LOCKED) --requirement $(LOCKS)/base.txt --requirement $(LOCKS)/build.txt
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DOCS): $(BASE) $(LOCKS)/dev.txt
	@echo "Setting up, once: what the documentation needs (20 MB to download)"
	@$(MORE) '.[docs]'
	@touch $@

$(DEV): $(BASE) $(LOCKS)/dev.txt
	@echo "Setting up, once: what the tests need, and torch (minutes)"
	@$(MORE) '.[dev,models]'
	@touch $@ $(DOCS)

run: $(BASE)
	@$(BIN)/assemblybot repl

check: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

format: $(DEV)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

test: check
	$(BIN)/pytest -n auto -m 'not slow' -rs $(if $(COVERAGE),--cov --cov-report=term)

test-slow: $(DEV)
	$(BIN)/pytest -n auto -m slow -rs

wheel: $(BASE)
	$(BIN)/hatchling build --target wheel --directory dist

vectors: $(BASE)
	$(BIN)/python deploy/ship_vectors.py

check-wheel: wheel
	$(BIN)/python deploy/check_wheel.py

# dev is resolved first, for this system: torch has no wheel for some. The others hold for every Python and system.
LOCK = $(or $(UV),$(BIN)/uv) pip compile --quiet --python-version 3.11.2 --no-emit-index-url --no-annotate \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)
HASHED = $(LOCK) --universal --generate-hashes --constraint $(LOCKS)/dev.txt
lock: $(or $(UV),$(BIN)/uv)
	$(LOCK) --all-extras --output-file $(LOCKS)/dev.txt pyproject.toml
	$(HASHED) --output-file $(LOCKS)/base.txt pyproject.toml
	$(HASHED) --output-file $(LOCKS)/build.txt --group build

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(PIP) uv

audit: $(DEV)
	$(BIN)/python deploy/audit.py

docs: $(DEV)
	$(BIN)/python docs/generate.py

site: $(DOCS)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) dist index/*/ index/CURRENT
