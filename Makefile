# Both commands build .venv from pyproject.toml; it is built again only when pyproject.toml is newer.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := autodiff nn tests benchmarks

.PHONY: demo test fuzz bench format

demo: .venv/built
	$(BIN)/python -m nn.demo

test: .venv/built
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --cov --cov-report=term

fuzz: .venv/built
	$(BIN)/python -m pytest tests/test_programs.py --hypothesis-profile=long

bench: .venv/built
	$(BIN)/python benchmarks/eager.py
	$(BIN)/python benchmarks/transforms.py
	$(BIN)/python benchmarks/tracing.py

format: .venv/built
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

.venv/built: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train,test,bench]'
	@touch $@
