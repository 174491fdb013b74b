# Two commands do everything on a fresh machine: `make book` and `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
VENV := .venv/.installed
BOOK := _build/html/.built
PORT ?= 8000

# TensorFlow's greetings.
export TF_CPP_MIN_LOG_LEVEL ?= 3
export PATH := $(CURDIR)/$(BIN):$(PATH)

BOOK_SOURCES = $(shell find chapters book exercises autograder/student _config.yml _toc.yml \
	-type f -not -name '*.pyc' -not -path '*/.ipynb_checkpoints/*')

# Matrices are small here: threads that share a product wait for each other more than they compute.
$(BOOK) test notebooks agreement mutants: export OMP_NUM_THREADS := 1
# Many kernels start at once, and would take each other's ports (book/provisioner.py).
$(BOOK) test notebooks: export JUPYTER_DEFAULT_PROVISIONER_NAME := socket-files

.DEFAULT_GOAL := help
.PHONY: help book serve lab release references test notebooks links lint agreement mutants bench lock clean

help:  ## what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

book: $(BOOK)  ## build the book with every cell executed
	@echo "The book is at file://$(CURDIR)/_build/html/index.html"

serve: $(BOOK)  ## the same, served on localhost (PORT=8000)
	@echo "The book is at http://localhost:$(PORT) (Ctrl-C stops)"
	@python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

lab: $(VENV)  ## JupyterLab with the exercises, and nbgrader's Validate
	jupyter lab --notebook-dir=exercises

release: references  ## solutions/ -> exercises/
	python -m autograder.course.release

references: $(VENV)  ## the visible reference tensors, from the answers
	python -m autograder.answers.visible

test: $(BOOK) lint  ## every test
	pytest -n auto --dist loadgroup

notebooks: $(BOOK)  ## run every page's downloaded notebook by itself
	pytest -n auto -m every_notebook tests/book

links: $(BOOK)  ## do the links to other sites still lead somewhere? (needs a network)
	jupyter-book build --builder linkcheck . ; status=$$?; \
		mv _build/html/output.json _build/html/output.txt _build/; exit $$status

lint: $(VENV)  ## ruff and codespell
	ruff check . && ruff format --check .
	codespell

agreement: $(VENV)  ## how far frameworks and exact derivatives are from the references
	python -m tests.exercises.agreement

mutants: $(VENV)  ## break the sample solutions at random: which mutants survive?
	python -m tests.exercises.mutants

bench: $(VENV)  ## the benchmarks, side by side with plain nbgrader
	python -m benchmarks

lock:  ## requirements.lock again, from pyproject.toml
	rm -rf _build/lock && $(PYTHON) -m venv _build/lock
	_build/lock/bin/pip install '.[dev]'
	_build/lock/bin/pip freeze --all --exclude pip --exclude hidden-layers \
		| sed 's/+cpu$$//' > requirements.lock
	rm -rf _build/lock

clean:  ## remove what was built, not what was graded
	rm -rf _build .venv

$(VENV): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/pip || "$(PYTHON)" -m venv --clear .venv
	$(BIN)/pip install --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(BOOK): $(VENV) $(BOOK_SOURCES)
	@mkdir -p $(@D) && touch $(@D)/../.began
	jupyter-book build -W --keep-going .
	@mv $(@D)/../.began $@  # a source that changed meanwhile is newer
