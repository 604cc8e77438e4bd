# Each target sets up what it needs: a .venv with the locked dependencies, then its work.
.DEFAULT_GOAL := help
.PHONY: help grade test test-whole test-windows test-page test-site page check katas types bench mutate blind tables format lock clean

PYTHON ?= $(firstword $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do command -v $$p; done))
BIN := .venv/bin
READY := .venv/.ready
UV := uv==0.13.9
IMPORTS := tests/test_imports.py
# Which tests stay in one process, and which begin first: tests/conftest.py.
GROUPS := --dist loadfile --no-loadscope-reorder
# Of these make test takes a sample.
SAMPLED := $(patsubst %,tests/test_%.py,two_worlds blind pictures pictures_of_a_class training_parity bad_content surroundings)
# Not part of make test: a browser and minutes.
IN_A_BROWSER := tests/site/test_page.py tests/site/test_visits.py tests/site/test_fidelity.py

help:
	@echo "make grade   grade the sample class, write build/class/"
	@echo "make test    make check and the test suite"
	@echo "make test-whole  every case of what make test takes a sample of: each file of the bank, ... (CI runs it too)"
	@echo "make test-windows   the student's commands on a Windows Python under Wine, where Wine is installed"
	@echo "make check   format, lint, types, stubs, katas: the inner loop"
	@echo "make test-page  the page as a student uses it, in a browser, and a sample of answers (2 minutes of CPU; CI runs it too)"
	@echo "make test-site  every answer of the bank judged in a browser as at home (10 minutes, on a busy machine an hour)"
	@echo "make page    bundle the page of kata site anew (npm is needed)"
	@echo "make bench   what training, isolating, judging and nbgrader cost: read the ratios (about 40 minutes)"
	@echo "make mutate  small changes to each reference: which does no check notice? (about 15 minutes)"
	@echo "make blind   what answers earn that know nothing (about 2 minutes)"
	@echo "make tables  renew docs/tags.md"
	@echo "make format  rewrite the sources in the house format"
	@echo "make lock    renew requirements.lock from pyproject.toml"

grade: $(READY)
	$(BIN)/kata grade examples/class --out build/class

# Three processes for two cores, because many tests wait for a limit or a browser.
test: check
	$(BIN)/pytest tests -n 3 $(GROUPS) $(patsubst %,--ignore %,$(IMPORTS) tests/windows $(IN_A_BROWSER))

test-whole: $(READY)
	KATA_WHOLE=1 $(BIN)/pytest $(SAMPLED) -n 2 $(GROUPS)

test-windows: $(READY)
	$(BIN)/pytest tests/windows -p no:randomly

test-page: $(READY)
	$(BIN)/pytest $(IN_A_BROWSER) -n 2 $(GROUPS)

test-site: $(READY)
	KATA_SITE_ALL=1 $(BIN)/pytest tests/site

page:
	cd grader/site/source && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent format && npm run --silent build

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --jobs 2 katas types

katas: $(READY)
	$(BIN)/kata build --check
	$(BIN)/kata audit

types: $(READY)
	$(BIN)/mypy
	$(BIN)/python -m tests.bank_types
	$(BIN)/pytest -q -p no:randomly $(IMPORTS)

bench: $(READY)
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/sandbox.py
	$(BIN)/python -m benchmarks.judge
	$(BIN)/python benchmarks/nbgrader.py
	$(BIN)/python -m benchmarks.pages
	$(BIN)/python -m benchmarks.site

mutate: $(READY)
	$(BIN)/kata mutate

blind: $(READY)
	$(BIN)/python -m benchmarks.blind --write

tables: $(READY)
	$(BIN)/python -m tests.tags_table

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
		--extra grade --extra nbgrader --extra cluster --extra dev \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv build

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' \
		|| { echo "Python 3.11 to 3.14 is needed; found: $(PYTHON). Try: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is needed (Debian, Ubuntu: apt install python3-venv)"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)
