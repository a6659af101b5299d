#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# find_package.sh PREFIX SCRATCH VERSION found|refused: asks an outside project for that version of the SDK.
set -eu
prefix=$1 scratch=$2 version=$3 expected=$4

rm -rf "$scratch"
mkdir -p "$scratch"
cat >"$scratch/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(asks LANGUAGES CXX)
find_package(fulfilld-sdk $version REQUIRED)
END
if cmake -S "$scratch" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$prefix" >"$scratch/log" 2>&1; then
  answer=found
else
  answer=refused
fi
cat "$scratch/log"
test "$answer" = "$expected"
test "$answer" = found || grep -q 'compatible with requested' "$scratch/log"
