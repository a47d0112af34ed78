# Needs python3 (3.11 or newer) and make, nothing else. `make run` starts the demo, `make test` checks everything.
PYTHON ?= python3
SIZE ?= city
BIN := .venv/bin
STATIC := static/css static/js

.DEFAULT_GOAL := help
.PHONY: help env run demo-all stop test bench load lint format lock clean reset

help:
	@echo "make run    start everything: PostgreSQL, Redis, web, worker, beat (PORT=8000 chooses the port)"
	@echo "make demo-all  load the demo's other three places too, beside a running system or without one"
	@echo "make test   lint, types, migrations check and every test (needs /usr/bin/chromium; see .ci/run)"
	@echo "make bench  recompute, approvals and memory, timed (SIZE=county, city, province, country; SIZE=demo: the pages)"
	@echo "make load   200 people hand in at once; then hand-ins and approvals while processes are killed"
	@echo "make lint   ruff, mypy, djlint (templates), oxfmt and oxlint (static/css, static/js) alone"
	@echo "make format lays out Python, templates, css and js as lint wants them"
	@echo "make stop   stop PostgreSQL and Redis of this clone, should a killed run have left them"
	@echo "make lock   choose the newest versions anew and write requirements.lock"
	@echo "make clean  remove .venv and caches; the data in var/ stays"
	@echo "make reset  remove the data of this clone; the next run loads the demo afresh"

env:
	@$(PYTHON) -I healthplan/bootstrap.py

run: env
	@exec $(BIN)/python -m healthplan.run

demo-all: env
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demo --all
	@$(BIN)/python manage.py demo_accounts

stop: env
	@$(BIN)/python -m healthplan.run stop

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --check --quiet templates
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/oxfmt --check $(STATIC)
	$(BIN)/oxlint --deny-warnings static/js

format: env
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat --quiet --warn templates
	$(BIN)/oxfmt --write $(STATIC)

test: lint
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.halves

bench: env
	$(BIN)/python -m tests.bench $(SIZE)

load: env
	$(BIN)/python -m tests.load rush
	$(BIN)/python -m tests.load kill

# Its own little environment, because the resolver is no part of the product.
lock: env
	@test -x var/cache/lock/bin/uv || ($(PYTHON) -m venv var/cache/lock && var/cache/lock/bin/pip install --quiet uv)
	var/cache/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --all-extras pyproject.toml --output-file requirements.lock

clean:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m healthplan.run stop; fi
	rm -rf .venv var/cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

reset: env
	@$(BIN)/python -m healthplan.run reset
