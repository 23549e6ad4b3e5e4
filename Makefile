.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed

install: $(INSTALLED) .env ## Make or renew the environment in .venv/
.PHONY: install

$(INSTALLED): requirements-dev.txt
	@python=$$(bin/find-python) || exit 1; \
	if ! $(PYTHON) -c '' 2>/dev/null; then \
	    echo "Making $(VENV)/ with $$python ..."; \
	    $$python -m venv --clear $(VENV) || exit 1; \
	fi
	@echo "Installing what requirements-dev.txt pins ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.env:
	@echo "Writing .env with a new SECRET_KEY ..."
	@umask 077 && python3 -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' > $@
