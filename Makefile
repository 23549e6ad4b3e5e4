.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.tools
PORT ?= 8000

# Settings of a real deployment, for what is checked before one.
PRODUCTION := ENV_FILE=/dev/null SITE_URL=https://example.com TRUST_PROXY=true DATABASE_URL=sqlite://:memory: \
    SECRET_KEY=checked-and-thrown-away-0123456789-abcdefghijklmnopqrstuvwxyz

# Use it

run: export DEBUG := false
run: install ## Serve the weblog on http://127.0.0.1:8000/ (PORT=8001 for another port)
	@$(PYTHON) bin/port_is_free.py $(PORT)
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py collectstatic --noinput --verbosity 0
	@$(PYTHON) manage.py setup_weblog --port $(PORT)
	@exec bin/serve --port $(PORT) --workers-kill-timeout 1

install: $(INSTALLED) .env ## Create or update .venv/ with what running needs, and .env with a secret key

# Work on it

tools: install $(TOOLS) ## Install what the commands below need besides

dev: export DEBUG := true
dev: install ## Serve with DEBUG: error pages, and the server restarts when a file changes
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py setup_weblog --port $(PORT)
	@$(PYTHON) manage.py runserver 127.0.0.1:$(PORT)

test: tools ## Run the whole suite, and on PostgreSQL what touches a database (ARGS="-k feeds" goes to pytest)
	@$(PYTHON) -m tests.run $(ARGS)

check: lint ## Lint, and run the suite on SQLite without slow tests, browsers and external programs
	@$(PYTHON) -m tests.run --check $(ARGS)

lint: tools ## Check code, templates, style sheets, settings and migrations
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/lint-imports --no-logo --no-cache
	$(VENV)/bin/mypy
	$(VENV)/bin/djlint templates --lint --quiet
	$(VENV)/bin/djlint templates --check --quiet
	$(VENV)/bin/oxlint --deny-warnings static
	$(VENV)/bin/oxfmt --check static tests/browser/flaws.js
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(PYTHON) manage.py makemigrations --check --dry-run

format: tools ## Format code, templates and style sheets
	$(VENV)/bin/ruff check --fix-only
	$(VENV)/bin/ruff format
	$(VENV)/bin/djlint templates --reformat --quiet || true
	$(VENV)/bin/oxlint --fix static
	$(VENV)/bin/oxfmt static tests/browser/flaws.js

messages: tools ## Extract the texts to translate, and compile the translations (TO=fr starts a language)
	$(PYTHON) manage.py makemessages $(MESSAGES)
	$(PYTHON) manage.py makemessages --domain djangojs $(MESSAGES)
	$(PYTHON) manage.py compilemessages --ignore .venv

MESSAGES = $(if $(TO),--locale $(TO),--all) --ignore var --ignore tests --no-location --no-wrap --no-obsolete

bench: tools ## Measure pages of 10,000 posts (ARGS="10000 1000000" for other numbers; asserts nothing)
	@$(PYTHON) -m tests.bench $(ARGS)

screenshots: tools ## Take screenshots of every type of page (ARGS="--site empty home day" for some)
	@$(PYTHON) -m tests.browser.screenshots var/screenshots $(ARGS)

pins: tools ## Pin the newest versions that pyproject.toml allows
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check uv
	@$(VENV)/bin/uv pip compile $(PIN_OPTIONS) --output-file requirements.txt pyproject.toml
	@$(VENV)/bin/uv pip compile $(PIN_OPTIONS) --output-file requirements-dev.txt pyproject.toml \
	    --group dev --constraints requirements.txt
	@echo "Pinned. Look at the difference, then run make test."

# One file for every Python and system that is supported, with hashes, and without the address of any index.
PIN_OPTIONS := --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --quiet

clean: ## Remove the environment and what tools cached; data in var/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run install tools dev test check lint format messages bench screenshots pins clean help

# Files

$(INSTALLED): requirements.txt
	@python=$$(bin/find-python) || exit 1; \
	if ! $(PYTHON) -c 'import pip' 2>/dev/null; then \
	    echo "Creating $(VENV)/ with $$($$python --version) ..."; \
	    $$python -m venv --clear $(VENV) || exit 1; \
	fi
	@echo "Installing what requirements.txt pins ..."
	@$(PIP) --requirement requirements.txt
	@touch $@

$(TOOLS): requirements-dev.txt $(INSTALLED)
	@echo "Installing the tools that requirements-dev.txt pins ..."
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

PIP = $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes

.env: | $(INSTALLED)
	@echo "Writing .env with a new SECRET_KEY ..."
	@umask 077 && $(PYTHON) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' > $@
