# The template's own commands. Works with GNU Make 3.81 and POSIX sh.
.DEFAULT_GOAL := help
.PHONY: help demo new test test-heavy check format cases renew

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	>/dev/null 2>&1 && echo "$$p" && break; done)
BIN := .tools/bin
DEST ?=

export PYTEST_DISABLE_PLUGIN_AUTOLOAD := 1

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | \
		while IFS='|' read -r name text; do printf '%-22s %s\n' "$$name" "$$text"; done

.tools/ready: pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 to 3.13 is needed and was not found; install it, or: make demo PYTHON=/path/to/python" >&2; \
		exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "$(PYTHON) is not Python 3.11 to 3.13; say make demo PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing; install it (on Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "Installing the template's tools into .tools ..."
	@"$(PYTHON)" -m venv .tools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --group dev
	@touch .tools/ready

demo: .tools/ready ## render a POC with the default answers into build/demo and show it at work
	@$(BIN)/python -m tools.demo

new: .tools/ready ## start a POC, asking the questions: make new DEST=../my-poc
	@$(BIN)/python -m tools.new "$(DEST)"

test: .tools/ready ## render, build and run generated projects; needs no container and no root
	@$(BIN)/python -m pytest -n 2 -m "not heavy"

test-heavy: .tools/ready ## the legs that need a browser, PostgreSQL or other Pythons
	@$(BIN)/python -m pytest -m heavy -rs

check: .tools/ready ## lint and type-check the template's own code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

format: .tools/ready ## format the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

cases: .tools/ready ## write the synthetic evaluation and training cases anew
	@$(BIN)/python -m tools.cases.generate

renew: .tools/ready ## write siblings, schemas, digests and pages that are made of other files
	@$(BIN)/python -m tools.renew
