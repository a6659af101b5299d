#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# missing_googletest.sh PREFIX EXAMPLE SCRATCH: without GoogleTest an adapter's tests are refused with a sentence that says
# what to do, and what it says works.
set -eu
prefix=$1 example=$2 scratch=$3

rm -rf "$scratch"
mkdir -p "$scratch"
configure() {
  cmake -S "$example" -B "$scratch/$1" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON "$2" \
    >"$scratch/$1.log" 2>&1
}
if configure with_tests -DBUILD_TESTING=ON; then
  echo "it was not refused" >&2
  exit 1
fi
cat "$scratch/with_tests.log"
tr -s '\n ' ' ' <"$scratch/with_tests.log" | grep -q 'Install it (Debian: libgtest-dev), or leave the tests out with -DBUILD_TESTING=OFF'
configure without_tests -DBUILD_TESTING=OFF
