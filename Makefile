# SPDX-License-Identifier: Apache-2.0
# The front door: each target does all set-up that it needs. `make help` lists them.
PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)
SOURCES = $(shell git ls-files '*.cpp' '*.hpp' '*.h' '*.c')

.DEFAULT_GOAL := help
.PHONY: help setup configure build run test test-debian13 chaos check format format-check tidy build-cost bench install package clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## install the Debian packages that are missing (root or sudo)
	@.ci/install-packages

configure: setup
	@test -f $(BUILD)/build.ninja || cmake --preset $(PRESET)

build: configure ## build/release/bin/fulfilld and the adapters beside it
	@cmake --build $(BUILD) -j $(JOBS)

# Only what is run: the service itself, or what the demonstration needs. Ninja shows how far it is.
RUN_WITH_CREDENTIALS = $(shell [ -n "$$GENESYS_CLIENT_ID" ] || grep -qs '^\(export \)\?GENESYS_CLIENT_ID=.' .env && echo yes)
run: configure ## see it work: with GENESYS_CLIENT_ID set the service itself, else a demonstration (ONCE=1 ends by itself)
	@echo "Building the service$(if $(RUN_WITH_CREDENTIALS),, and the demonstration); the first time this takes some minutes."
	@NINJA_STATUS='[%f of %t, %es] ' cmake --build $(BUILD) -j $(JOBS) --target $(if $(RUN_WITH_CREDENTIALS),fulfilld adapters,demonstration)
	@if [ -n "$(RUN_WITH_CREDENTIALS)" ]; then \
	  exec $(BUILD)/bin/fulfilld; \
	else \
	  exec $(BUILD)/bin/fulfilld-demo --fulfilld $(CURDIR)/$(BUILD)/bin/fulfilld \
	    --simulator $(CURDIR)/$(BUILD)/bin/fulfilld-simulator $(if $(ONCE),--once); \
	fi

test: build ## all tests
	@ctest --test-dir $(BUILD) --output-on-failure --no-tests=error -j $(JOBS)

chaos: build ## the long form of tests/chaos: kills, power losses, damage, bad disks, peers and clocks (an hour)
	@FULFILLD_CHAOS=long $(BUILD)/tests/journal_chaos_test --gtest_brief=1 & journal=$$!; \
	FULFILLD_CHAOS=long $(BUILD)/tests/chaos_test --gtest_brief=1; status=$$?; \
	wait $$journal && test $$status = 0
	@for program in in_time_chaos_test http_engine_chaos_test; do \
	  FULFILLD_CHAOS=long $(BUILD)/tests/$$program --gtest_brief=1 || exit 1; \
	done

check: format-check tidy test ## format, clang-tidy, build, tests

format: setup ## rewrite the sources in the house's format
	@clang-format -i $(SOURCES)

format-check: setup
	@clang-format --dry-run -Werror $(SOURCES)

# Plugins are left out: clang does not know their -fno-gnu-unique. The SDK's headers come in by the plugin host.
# How each file is compiled is known where each is compiled by itself.
tidy: setup ## clang-tidy (19) over the host
	@cmake --preset release -B build/tidy -DFULFILLD_UNITY=OFF > /dev/null
	@git ls-files 'actors/*.cpp' 'runtime/*.cpp' \
	  | xargs -P $(JOBS) -n 4 clang-tidy-19 -p build/tidy --quiet --warnings-as-errors='*'

build-cost: setup ## what the build costs: CPU seconds by folder, the dearest files first (no ccache; half an hour)
	@.ci/build-cost

test-debian13: setup ## build everything and run all tests on Debian 13, in a root of its own (root, debootstrap; an hour)
	@.ci/debian13

bench: build ## micro-benchmarks; the whole service is measured as tests/bench/README.md says
	@for program in $(BUILD)/bench/*; do echo "== $$program"; $$program || exit 1; done

install: build ## into PREFIX (default /usr/local)
	@cmake --install $(BUILD) --prefix $(or $(PREFIX),/usr/local)

package: build ## Debian packages, fulfilld and fulfilld-sdk-dev, into the build directory
	@cpack --config $(BUILD)/CPackConfig.cmake -B $(BUILD)

clean: ## forget what was built
	@rm -rf build
