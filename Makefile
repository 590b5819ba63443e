# One verb per need. `make` alone lists them.
PYTHON ?= python3
SUPPORT_PLANS_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/support-plans-odoo
export SUPPORT_PLANS_CACHE
export PYTHONPYCACHEPREFIX := $(SUPPORT_PLANS_CACHE)/pycache
RUN := @$(PYTHON) -m

.DEFAULT_GOAL := help
.PHONY: help demo test rules structure orm e2e lint format bench pot screenshots stop clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo:  ## the demo company in a running Odoo (PORT=8069); Ctrl-C stops it
	$(RUN) tools.demo

test:  ## everything: rules, structure, Odoo's tests with browser tours, end to end
	$(RUN) tools.suite

rules:  ## only the rules' tests: no Odoo, a few seconds
	$(RUN) tools.suite rules

structure:  ## only the repository's own promises
	$(RUN) tools.suite structure

orm:  ## only Odoo's tests of our addons
	$(RUN) tools.suite orm

e2e:  ## only end to end: a real server and a real browser
	$(RUN) tools.suite e2e

lint:  ## ruff, pylint-odoo, XML, CSV and PO checks
	$(RUN) tools.lint

format:  ## let ruff format the Python files
	$(RUN) tools.lint format

bench:  ## benchmarks; results are kept in benchmarks/results
	$(RUN) tools.scripts bench

pot:  ## export i18n/*.pot from a real database and update pl.po
	$(RUN) tools.translations

screenshots:  ## make the pictures of the docs again
	$(RUN) tools.scripts screenshots

stop:  ## stop the background PostgreSQL
	$(RUN) tools.clean

clean:  ## stop it and remove everything that was built
	$(RUN) tools.clean all
