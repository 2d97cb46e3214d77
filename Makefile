# Short names for what is done in CMake and scripts/.
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
export CCACHE_DIR ?= $(CURDIR)/.cache/ccache

.NOTPARALLEL:  # packages, then configuration, then the build
.PHONY: help deps configure build demo test parity athena-proof sanitize prove soak bench format lint clean

help:
	@echo "Each target first installs the Debian packages that it needs and that are missing."
	@echo "make build     build build/release/estante"
	@echo "make demo      build, and serve two shops on 127.0.0.1:8080"
	@echo "make test      build, and run the tests; one stage: scripts/test STAGE (docs/testing.md)"
	@echo "make prove     show in half a minute: no overselling, no lost purchase, no leak between shops"
	@echo "make sanitize  unit and contract tests under asan+ubsan, and those with threads under tsan"
	@echo "make soak      100,000 purchases while the process is killed 300 times; random use for an hour"
	@echo "make parity    compare the embedded search with OpenSearch on 134,191 queries"
	@echo "make athena-proof  run the reports of Athena on Trino (needs Java 24)"
	@echo "make bench     run every benchmark; one: bench/run NAME"
	@echo "make format | lint | clean"

deps:
	@scripts/install-deps build

deps-%:
	@scripts/install-deps $*

# Every time: the packages that are installed decide what can be built.
configure:
	@cmake --preset release >/dev/null

build: deps configure
	@cmake --build build/release --target estante -j $(JOBS)

demo: build
	@scripts/demo

prove: deps-test build
	@scripts/prove

test: deps-test configure
	@cmake --build build/release --target all_tests -j $(JOBS)
	@scripts/test

parity: deps-test configure
	@cmake --build build/release --target parity -j $(JOBS)
	@scripts/parity

athena-proof: deps-test configure
	@cmake --build build/release --target estante athena_report -j $(JOBS)
	@scripts/athena-proof

soak: deps-test configure
	@cmake --build build/release --target estante streams_tests -j $(JOBS)
	@scripts/soak

sanitize: deps-test
	@scripts/sanitize

bench: deps-bench configure
	@cmake --build build/release --target estante all_benches -j $(JOBS)
	@for name in $$(bench/run); do bench/run $$name || exit 1; done

format: deps-lint
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

lint: deps-lint
	@scripts/lint

clean:
	rm -rf build
