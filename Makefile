# What a developer types. Needs Python 3.11+ with pip, make and git; everything else is set up in .venv.
#   make chat    talk to the bot here, in the terminal        make test    run every test
#   make check   format, lint, types, floors, content         make bench   speed, beside its peers
#   make lock    update every dependency                      make release build wheel and sdist, try the wheel
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
# A file's tests stay with one worker, for what they share; slow files go first (tests/conftest.py).
PYTEST := $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup setup-runtime chat run test cover check fix bench docs lock release image clean

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 17

setup:  ## Create .venv with everything pinned; does nothing when it is up to date
	@$(PYTHON) tools/venv.py $(VENV) requirements/runtime.txt requirements/dev.txt

setup-runtime:
	@$(PYTHON) tools/venv.py $(VENV) requirements/runtime.txt

chat: setup-runtime  ## Talk to the bot in the terminal: no token, no server, no network
	@$(PY) -m bot chat $(ARGS)

run: setup-runtime  ## Start Telegram and Discord, each when it has a token
	@$(PY) -m bot run $(ARGS)

test: setup  ## Run every test (ARGS="-k name" for some)
	$(PYTEST) $(ARGS)

cover: setup  ## Run every test and show what they do not reach; the engine must be reached to 95 %
	$(PYTEST) --cov --cov-report=term $(ARGS)
	$(PY) -m coverage report --include='bot/engine/*' --fail-under=95

check: setup  ## Format, lint, types, floors, content
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m bot check

fix: setup  ## Format and mend what can be mended without thinking
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup  ## Measure speed beside the peers, write benchmarks/latest.md
	@$(PYTHON) tools/venv.py .venv-bench requirements/bench.txt
	$(PY) -m benchmarks --peers .venv-bench/bin/python $(ARGS)

docs: setup  ## Write the generated pages and pictures anew
	$(PY) -m bot.content.schema > docs/content.schema.json
	$(PY) -m tools.docs
	$(PY) -m tools.pictures
	$(PY) -m tools.replies

lock:  ## Update every dependency and its hashes (ARGS= to move only what must)
	@$(PYTHON) tools/venv.py .venv-lock requirements/lock.txt
	.venv-lock/bin/python tools/lock.py $(if $(filter undefined,$(origin ARGS)),--upgrade,$(ARGS))

release: setup  ## Build wheel and sdist into dist/, install the wheel in a clean environment, ask it
	$(PY) tools/release.py

image: setup  ## Carry out the Dockerfile's steps in an empty folder, where no container engine runs
	@rm -rf build/image && mkdir -p build/image
	$(PYTHON) tools/image.py build/image $(ARGS)

clean:  ## Remove everything that the other targets made
	rm -rf $(VENV) .venv-bench .venv-lock build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
