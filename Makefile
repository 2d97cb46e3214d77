# A thin front: what a person types. Everything real is in CMake and scripts/.
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
export CCACHE_DIR ?= $(CURDIR)/.cache/ccache

.PHONY: help deps build demo test parity athena-proof sanitize prove soak bench format lint clean

help:
	@echo "make demo      install what is missing, build, and open two shops on 127.0.0.1:8080"
	@echo "make test      install what is missing, build, and run every test"
	@echo "make prove     half a minute of proof: no oversale, nothing lost, nothing leaked"
	@echo "make soak      100,000 purchases while the process is killed 300 times: lake and figures equal to the cent"
	@echo "make parity    the embedded search beside the real OpenSearch: identical: N/M"
	@echo "make athena-proof  reports on Athena's own engine, Trino, from our table definitions (needs a Java of 24)"
	@echo "make build     build/release/estante"
	@echo "make sanitize  contract and unit tests under asan+ubsan and tsan"
	@echo "make bench     every benchmark; one: bench/run NAME"
	@echo "make format | lint | clean"

deps:
	@scripts/install-deps

build/%/build.ninja: CMakePresets.json CMakeLists.txt
	@cmake --preset $* >/dev/null

build: deps build/release/build.ninja
	@cmake --build build/release --target estante -j $(JOBS)

demo: build
	@scripts/demo

prove: build
	@scripts/prove

test: deps build/release/build.ninja
	@cmake --build build/release -j $(JOBS)
	@scripts/test

parity: deps build/release/build.ninja
	@cmake --build build/release --target parity -j $(JOBS)
	@scripts/parity

athena-proof: deps build/release/build.ninja
	@cmake --build build/release --target estante athena_report -j $(JOBS)
	@scripts/athena-proof

soak: deps build/release/build.ninja
	@cmake --build build/release --target streams_tests -j $(JOBS)
	@scripts/soak

sanitize: deps
	@scripts/sanitize

bench: deps build/release/build.ninja
	@cmake --build build/release -j $(JOBS)
	@for name in $$(bench/run); do bench/run $$name || exit 1; done

format: deps
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

lint: deps
	@scripts/lint

clean:
	rm -rf build
