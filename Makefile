# `make` lists the targets. Everything else is in tools/.
PYTHON ?= python3
ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help run test bench drill rules fmt shell reset-demo lock

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: ## set up whatever is missing and start the service; ctrl-C stops all of it (PORT, HOST, DATA_DIR, DATABASE_URL, REDIS_URL)
	@$(PYTHON) -m tools run

test: ## every check and test; a part with ARGS="-k authorise"
	@$(PYTHON) -m tools test $(ARGS)

bench: ## measure pages and PDFs, and write .local/bench.json
	@$(PYTHON) -m tools bench $(ARGS)

drill: ## back up, restore beside it and compare: rows, triggers, rights, files, the audit's chain
	@$(PYTHON) -m tools drill

rules: ## write docs/rules.md, which test proves which rule, from the tests' marks
	@$(PYTHON) -m tools rules

fmt: ## lay out and tidy the Python files
	@$(PYTHON) -m tools fmt

shell: ## a Django shell on the same data as `make run`
	@$(PYTHON) -m tools shell

reset-demo: ## throw the data of `make run` away and seed the demo cast anew
	@$(PYTHON) -m tools reset-demo

lock: ## compile the requirements and the npm lock files anew
	@$(PYTHON) -m tools lock $(ARGS)
