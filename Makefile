# The two commands of this repository are `make demo` and `make test`; `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin

help:           ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

demo: .venv/ready   ## a small world of local publishers goes through some weeks; no account, no network
	$(BIN)/regwatch demo

run: .venv/ready    ## the service, with ./sources.toml and ./var; speaks on this terminal until Slack or mail is set up
	$(BIN)/regwatch run

test: .venv/ready   ## the whole suite, on every core; needs no network and no account
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

lint: .venv/ready   ## style, types, term lists, security
	$(BIN)/ruff check bot storage tests benchmarks
	$(BIN)/mypy
	$(BIN)/python -m bot.judge.lint
	@$(BIN)/bandit -q -c pyproject.toml -r bot storage 2>/dev/null || $(BIN)/bandit -c pyproject.toml -r bot storage

audit: .venv/ready  ## known weaknesses of what we depend on; asks the network, so never in CI
	$(PYTHON) -m pip --quiet --disable-pip-version-check --python $(BIN)/python install 'pip-audit>=2.7,<3'
	$(BIN)/pip-audit --skip-editable

bench: .venv/ready  ## speed, memory, store growth: the figures, as ratios within one run
	$(BIN)/python -m benchmarks

# A venv without ensurepip, filled by the system's pip: works on pyenv and on Debian's Python, from pip 22.3 on.
# Bytecode is made as pip does for what it installs: also where Python may write none.
.venv/ready: pyproject.toml
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --quiet --disable-pip-version-check --python $(BIN)/python install --editable '.[test]'
	$(BIN)/python -m compileall -q bot storage
	touch $@

.PHONY: help demo run test lint audit bench
