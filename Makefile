# What people and machines type. `make help` lists it.

PYTHON ?= python3
VENV := .venv
VENV_PYTHON := $(VENV)/bin/python

.PHONY: help demo test test-rust test-python check generate gallery papers tutorials validate bench clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/'

demo: ## run the demo: a virtual film from instrument files to report
	cargo run --release -p amorph-cli -- demo

test: test-rust test-python ## all tests

test-rust: ## tests of the Rust crates
	cargo test

test-python: $(VENV)/ready ## tests of the Python package, in its own environment
	$(VENV)/bin/maturin develop --quiet
	$(VENV_PYTHON) -m pytest -q tests/python

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV_PYTHON) -m pip install --quiet --upgrade pip
	$(VENV_PYTHON) -m pip install --quiet 'maturin>=1.9.4,<2' numpy pandas xarray matplotlib mypy pytest
	touch $@

check: ## format, lints, generated files fresh, licences
	cargo fmt --all -- --check
	cargo clippy --all-targets -- -D warnings
	cargo run -q -p amorph-cli -- generate --check
	$(PYTHON) tools/licences.py

generate: ## write the generated files anew
	cargo run -q -p amorph-cli -- generate

tutorials: ## run the tutorials at full size and write the numbers they quote (one alone: AMORPH_TUTORIAL=spikes.md)
	AMORPH_UPDATE_TUTORIALS=1 cargo test --release -p amorph-cli --test tutorials -- --ignored quoted_numbers

gallery: ## draw every figure of the AFM methods for docs/gallery.md
	sh tools/gallery.sh

papers: ## draw the plots of the source papers for docs/papers.md
	cargo run --release -q -p amorph-cli -- papers --out docs/images/papers
	rm docs/images/papers/papers.html

validate: ## full coverage tables, full mutation and kill tests (an hour or more)
	cargo test --release -- --ignored --nocapture

bench: ## speed against the named peers, in one run
	sh benches/run.sh

clean: ## remove what was built
	cargo clean
	rm -rf $(VENV)
