# One command sets up and runs the main job (`make demo`), one sets up and passes the tests
# (`make test`). Everything lands in this directory; nothing is installed outside of it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CARGO := cargo --config net.git-fetch-with-cli=true
RUNTIME_SOURCES := $(shell find runtime -name '*.rs' -not -path '*/target/*' 2>/dev/null) \
	$(shell find runtime -name Cargo.toml -not -path '*/target/*' 2>/dev/null)
# What `make test` runs of LangGraph's suite: state, channels, subgraphs, commands, interrupts.
CONFORMANCE_SLICE := test_state.py test_channels.py test_interruption.py test_managed_values.py \
	test_parent_command.py test_subgraph_persistence.py test_runtime.py
export PYO3_PYTHON := $(abspath $(BIN)/python)

# Tests build many crates once: nobody debugs them, and nothing is built again after a small change.
test test-rust test-python test-programs test-long: export CARGO_INCREMENTAL := 0
test test-rust test-python test-programs test-long: export CARGO_PROFILE_DEV_DEBUG := 0
# what `migrate` learns of types stays in the checkout, and every test has it
demo test test-python test-programs test-long: export LANGFERRY_CACHE := $(abspath target/types)

.PHONY: help setup demo test lint lint-python lint-rust test-rust test-python test-programs test-long conformance \
	conformance-fast conformance-slice conformance-record bench bench-quick bench-native instructions instructions-record corpus hostile fuzz \
	runnable generate generate-check clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(VENV)/ready  ## make .venv with langferry in it, editable

$(VENV)/ready: pyproject.toml build_support/backend.py $(RUNTIME_SOURCES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "langferry needs Python 3.11 or later (PYTHON=$(PYTHON))" >&2; exit 2; }
	@command -v cargo >/dev/null \
		|| { echo "langferry needs a Rust toolchain (cargo) on PATH" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable . --group dev
	touch $@

demo: setup  ## convert one example, build the crate, run both versions, compare
	$(BIN)/migrate check examples/ticket_triage/ticket_triage.py
	$(BIN)/migrate validate examples/ticket_triage/ticket_triage.py --against crate \
		--work-dir target/demo --show-trace refund-over-a-weekend

# What keeps one core busy, or waits for the network, goes beside what cargo builds.
test: setup  ## everything CI runs
	$(MAKE) --jobs 2 --output-sync=line lint-python lint-rust conformance-slice test-rust instructions
	$(MAKE) test-python

lint: lint-python lint-rust  ## formatters, linters, type checkers; changes nothing

lint-python: setup generate-check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lint-rust: setup
	cd runtime && $(CARGO) fmt --all --check
	cd runtime && $(CARGO) clippy --quiet --workspace --all-targets -- -D warnings
	cd runtime && $(CARGO) clippy --quiet -p langferry --features bridge,serve,sqlite -- -D warnings
	cd runtime && $(CARGO) clippy --quiet -p langferry --features extension -- -D warnings

test-rust: setup  ## the runtime's own tests
	cd runtime && $(CARGO) test --quiet --workspace

instructions: setup  ## count the engine's instructions a superstep; fails if they have grown
	$(BIN)/python build_support/instructions.py

instructions-record: setup  ## make what is counted the committed figures
	$(BIN)/python build_support/instructions.py --write

test-python: setup  ## converter, codegen, shim, validator, end to end
	$(BIN)/pytest -n 2 --dist loadfile -m "not long"

test-long: setup  ## memory over 100,000 steps, and threads that go between engines in every saver
	$(BIN)/pytest -n 2 -m long

test-programs: setup  ## the six programs: LangGraph against shim, Python target and crate
	$(BIN)/pytest -q tests/end_to_end/test_programs.py

conformance: setup  ## LangGraph's own test suite on the engine (about 4 minutes)
	$(BIN)/python -m conformance

conformance-fast: setup  ## the same with memory savers only
	$(BIN)/python -m conformance --fast

conformance-slice: setup
	$(BIN)/python -m conformance --fast $(CONFORMANCE_SLICE)

conformance-record: setup  ## make a full run the committed record, and remake the pages that quote it
	$(BIN)/python -m conformance --record
	$(BIN)/python build_support/generate_docs.py

corpus: setup  ## what would become of the programs in CORPUS=dir [MANIFEST=file] [COMPILE=1]
	$(BIN)/python -m build_support.corpus $(CORPUS) $(if $(MANIFEST),--manifest $(MANIFEST)) $(if $(COMPILE),--compile --list)

runnable: setup  ## run the real programs in CORPUS=dir as crates [ONLY=selected|id,id] [RECORD=1] [MANIFEST= PROGRAMS= SERVER=]
	$(BIN)/python -m build_support.runnable $(CORPUS) \
		--manifest $(or $(MANIFEST),$(CORPUS)/manifest.json) \
		--programs $(or $(PROGRAMS),$(CORPUS)/runnable.json) \
		--server $(or $(SERVER),$(CORPUS)/server.py) \
		$(if $(ONLY),--only $(ONLY)) $(if $(FRESH),--fresh) $(if $(RECORD),--record)

hostile: setup  ## the converter over CPython's own test suite and files made to break out of it
	$(BIN)/python build_support/hostile.py

fuzz: setup  ## random functions and inputs, CPython against one crate of them [SEED=n] [PAIRS=n]
	$(BIN)/python build_support/fuzz.py $(if $(SEED),--seed $(SEED)) $(if $(PAIRS),--pairs $(PAIRS))

third-party: setup  ## agents and suites of packages built on LangGraph, on the shim (downloads them)
	$(BIN)/python build_support/third_party.py

bench: setup bench-native  ## LangGraph, shim and native crate on the same graphs; writes the table
	$(BIN)/python -m benchmarks --write

bench-quick: setup bench-native  ## the same, short and not written
	$(BIN)/python -m benchmarks --quick

bench-native:
	cd runtime && $(CARGO) build --quiet --profile optimized -p langferry-benchmarks

generate: setup  ## remake everything that is generated
	$(BIN)/python build_support/generate_trace.py
	$(BIN)/python build_support/generate_docs.py
	$(BIN)/python runtime/crates/pystd/generate_unicode.py
	$(BIN)/python runtime/crates/pystd/generate_rich.py
	$(BIN)/pytest -q tests/codegen --snapshot-update

generate-check: setup
	$(BIN)/python build_support/generate_trace.py --check
	$(BIN)/python build_support/generate_docs.py --check
	$(BIN)/python runtime/crates/pystd/generate_unicode.py --check
	$(BIN)/python runtime/crates/pystd/generate_rich.py --check

clean:  ## remove build results (not .venv)
	rm -rf target runtime/target dist
