#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build_example.sh PREFIX EXAMPLE SCRATCH [COMPILER]: configures, builds, tests, installs and verifies an outside project
# with the SDK in PREFIX, in a copy of its own; the plugin is then in SCRATCH/installed.
set -eu
prefix=$1 example=$2 scratch=$3 compiler=${4:-g++}

rm -rf "$scratch"
mkdir -p "$scratch"
cp -r "$example" "$scratch/source"
launcher=$(command -v ccache || true)
cmake -S "$scratch/source" -B "$scratch/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_CXX_COMPILER="$compiler" ${launcher:+-DCMAKE_CXX_COMPILER_LAUNCHER="$launcher"} -DCMAKE_CXX_FLAGS=-Werror
cmake --build "$scratch/build"
ctest --test-dir "$scratch/build" --output-on-failure --no-tests=error
cmake --install "$scratch/build" --prefix "$scratch/installed"

# Nothing but the descriptor is seen from outside, and nothing is bound to the process for ever.
for plugin in "$scratch"/installed/lib/fulfilld/adapters/*.so; do
  exported=$(nm -D --defined-only "$plugin" | sed 's/^[0-9a-f]* //')
  test "$exported" = "R fulfill_adapter_v1" || test "$exported" = "D fulfill_adapter_v1" || {
    echo "$plugin exports more than its descriptor, or not that: $exported" >&2
    exit 1
  }
  if nm -aD "$plugin" | grep ' u '; then
    echo "$plugin has unique symbols" >&2
    exit 1
  fi
done

export CRM_TOKEN=any
cd "$scratch/source"
for plugin in "$scratch"/installed/lib/fulfilld/adapters/*.so; do
  "$prefix/bin/fulfilld-adapter" check "$plugin"
  "$prefix/bin/fulfilld-adapter" run "$plugin" --config action.toml --answers answers.json
  "$prefix/bin/fulfilld-adapter" verify "$plugin" --config action.toml --answers answers.json
done
