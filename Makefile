# make       sets up .venv and builds decks/ into dist/
# make test  sets up what the tests need, and runs linters, type check and tests
# make bench measures mkdeck against its peers, which it sets up in .venv-bench: some 30 minutes;
#            less with, for example, BENCH='--workload light --notes 1000 --runs 1'
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: build test format pictures bench clean

build: $(VENV)/installed
	$(BIN)/mkdeck build decks

test: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto

format: $(VENV)/installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: $(VENV)/installed-test
	$(BIN)/python docs/make_pictures.py

bench: .venv-bench/installed
	.venv-bench/bin/python benchmarks/run.py --out benchmarks $(BENCH)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	touch $(VENV)/installed $@

.venv-bench/installed: pyproject.toml benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python benchmarks/install.py
	touch $@

clean:
	rm -rf $(VENV) .venv-bench
