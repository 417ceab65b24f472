# Both commands build .venv from pyproject.toml; it is built again only when pyproject.toml is newer.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := autodiff nn tests benchmarks notebooks
PAGE := autodiff/seeing/notebook.js autodiff/seeing/page autodiff/seeing/drawing autodiff/seeing/worksheets nn/watching
# A file at a time, in the order of tests/conftest.py: what a file shares, as a browser, is made once.
ON_ALL_CORES := --numprocesses=auto --dist=loadscope --no-loadscope-reorder

.PHONY: demo test test-exchange notebooks outputs pictures fuzz bench format stubs chromium katex

demo: .venv/built
	$(BIN)/python -m nn.demo

test: .venv/built chromium katex
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/biome ci --error-on-warnings $(PAGE)
	@mkdir -p out && cat autodiff/seeing/*.js autodiff/seeing/page/*.js nn/watching/page/*.js > out/page.js
	$(BIN)/biome lint --error-on-warnings --only=noUndeclaredVariables --only=noUnusedVariables out/page.js
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(ON_ALL_CORES) --cov --cov-report=term

# Tests that need heavy packages, which `make test` does without.
test-exchange: .venv/exchange
	$(BIN)/python -m pytest tests/exchange

.venv/exchange: .venv/built
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[exchange]'
	@touch $@

# JupyterLab shows the pages that a notebook keeps only where the notebook is trusted.
notebooks: .venv/built
	$(BIN)/jupyter trust notebooks/*.ipynb
	$(BIN)/jupyter lab notebooks

outputs: .venv/built
	$(BIN)/python tests/support/execution.py notebooks/*.ipynb

pictures: .venv/built chromium
	$(BIN)/python notebooks/pictures.py

fuzz: .venv/built
	$(BIN)/python -m pytest tests/transforms/test_programs.py tests/transforms/test_singular.py --hypothesis-profile=long

bench: .venv/built chromium
	$(BIN)/python benchmarks/eager.py
	$(BIN)/python benchmarks/transforms.py
	$(BIN)/python benchmarks/tracing.py
	$(BIN)/python benchmarks/compiled.py
	$(BIN)/python benchmarks/compiled_gpt.py
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/layout.py
	$(BIN)/python benchmarks/pictures.py
	$(BIN)/python benchmarks/watching.py
	$(BIN)/python benchmarks/scattered.py

stubs: .venv/built
	$(BIN)/python tests/support/stubs.py

format: .venv/built
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/biome check --write $(PAGE)

# The browser of the tests; where it cannot be installed they are skipped and say so.
chromium: .venv/built
	@$(BIN)/python -c 'from tests.support.browser import executable; exit(not executable())' \
	|| { test "$$(id -u)" = 0 && apt-get --quiet update \
	&& DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends install chromium fonts-dejavu-core; } \
	|| true

# What reads the LaTeX of the tests; where it cannot be installed they are skipped and say so.
katex: .venv/built
	@test -d .venv/katex/node_modules/katex \
	|| npm install --silent --no-audit --no-fund --prefix .venv/katex katex@0.19.1 \
	|| true

.venv/built: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train,test,bench]'
	@touch $@
