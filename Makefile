# The commands anyone needs: run, test, lint, bench; and install, stop, lock.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export HOST PORT

.PHONY: install run stop test lint format bench lock browser editor

install: $(VENV)/.installed

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Debrief needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.installed: $(BIN)/uv requirements.lock
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

run: install
	@exec $(BIN)/python manage.py serve

stop: install
	@$(BIN)/python manage.py stop_postgres

browser: install
	@$(BIN)/python tests/chromium.py --install

test: install browser
	$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --check --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run --settings=config.settings.test

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --reformat --quiet templates

bench: install
	$(BIN)/python bench/run.py

lock: $(BIN)/uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --group dev --output-file requirements.lock pyproject.toml

# Needs Node.js 20 or newer and npm; nothing else does, for what it builds is kept in static/editor/.
EDITOR := static/editor
editor:
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && \
	cp -r $(EDITOR)/package.json $(EDITOR)/package-lock.json $(EDITOR)/.npmrc $(EDITOR)/build.mjs $(EDITOR)/src "$$work" && \
	(cd "$$work" && npm ci --silent && npm run --silent build) && \
	cp "$$work"/editor.min.js "$$work"/rich_paste.min.js "$$work"/editor.licences.txt $(EDITOR)/
