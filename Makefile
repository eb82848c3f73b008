# Everything a person types. `make run` needs Python 3.11 or later and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# A test of processes beside each other is tried once more and told at the end: tests/fixtures/second_tries.py.
PYTEST_OPTIONS ?= -n auto --dist=worksteal --reruns=1 -rR
LOCK := $(BIN)/python -m piptools compile pyproject.toml --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-header --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes

.PHONY: run test check bench fmt lock
run: $(VENV)/local.lock
	@DEMO=1 exec $(BIN)/python manage.py up

# Tests start many processes, which would each compile the sources anew where nobody keeps what was compiled.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/dev.lock
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

bench: $(VENV)/dev.lock
	$(BIN)/python -m pytest tests/benchmarks -p no:randomly --quiet

fmt: $(VENV)/dev.lock
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(VENV)/dev.lock
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_templates
	$(BIN)/python manage.py check_messages
	deploy/check $(BIN)/python

# Pinned with hashes and without any address, so that every index that holds the same files serves.
lock: $(VENV)/dev.lock
	$(LOCK) --output-file requirements/production.txt
	$(LOCK) --output-file requirements/local.txt --extra embedded
	$(LOCK) --output-file requirements/dev.txt --extra embedded --extra test --extra check

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Metasystem needs Python 3.11 or later, this is \
	%d.%d. Name another one: make run PYTHON=python3.13" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1)

$(VENV)/local.lock: requirements/local.txt | $(BIN)/python
	@echo "Installing what Metasystem stands on; this happens once."
	@$(INSTALL) -r requirements/local.txt
	@cp requirements/local.txt $@

$(VENV)/dev.lock: requirements/dev.txt | $(BIN)/python
	@echo "Installing what Metasystem and its tests stand on; this happens once."
	@$(INSTALL) -r requirements/dev.txt
	@cp requirements/dev.txt $@
	@cp requirements/local.txt $(VENV)/local.lock
