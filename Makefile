# The two commands: `make run` opens the app, `make test` checks it. Both work on a fresh clone with Python 3.11 or newer.
PORT ?= 8501
PY := .venv/bin/python
RUFF := .venv/bin/ruff
SQLFLUFF := .venv/bin/sqlfluff
PYTEST := $(PY) -m pytest
export PYTHON CHROMIUM

.PHONY: help run test test-long lint format bench pictures docs lock environment environment-dev chromium postgres clean

help:
	@echo "make run        the app on http://127.0.0.1:$(PORT), with the sample history when there is none (PORT=9000 for another port)"
	@echo "make test       all tests but the long ones"
	@echo "make test-long  the long ones: more histories, more kills"
	@echo "make lint       ruff and sqlfluff"
	@echo "make format     ruff's formatting and safe fixes"
	@echo "make bench      the benchmarks"
	@echo "make pictures   the pictures in docs/"
	@echo "make docs       docs/settings.md from the table of settings"
	@echo "make lock       the locks from requirements*.in, newest versions (needs uv)"

run: environment
	@$(PY) -m scripts.first_history
	@$(PY) -m plumbline serve --port $(PORT)

test: chromium postgres
	@$(PYTEST) -m "not long" -n auto --dist loadfile

test-long: chromium postgres
	@$(PYTEST) -m long

lint: environment-dev
	$(RUFF) check .
	$(RUFF) format --check .
	$(SQLFLUFF) lint queries/

format: environment-dev
	$(RUFF) check --fix .
	$(RUFF) format .

bench: environment
	@$(PY) -m benchmarks

pictures: chromium
	@$(PY) -m scripts.pictures

docs: environment
	@$(PY) -m scripts.write_settings_page

environment:
	@sh scripts/environment.sh run

environment-dev:
	@sh scripts/environment.sh dev

chromium: environment-dev
	@sh scripts/chromium.sh

postgres:
	@sh scripts/postgres.sh

LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock:
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(LOCK) -c requirements.txt requirements-bench.in -o requirements-bench.txt

clean:
	rm -rf .venv .pytest_cache .ruff_cache
