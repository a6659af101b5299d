#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tutorial.sh BUILD README SCRATCH: does what the tutorial says, as a new user with nothing but an installed fulfilld.
set -eu
build=$1 readme=$2 scratch=$3

rm -rf "$scratch"
mkdir -p "$scratch/home"
cmake --install "$build" --prefix "$scratch/home/fulfilld" >/dev/null

# A port that is free: the kernel gave it to a simulator that is gone.
"$scratch/home/fulfilld/bin/fulfilld-simulator" >"$scratch/ready" &
simulator=$!
until grep -q '^ready ' "$scratch/ready"; do sleep 0.1; done
kill $simulator
port=$(sed 's/.*control=.*:\([0-9]*\)$/\1/' "$scratch/ready")

launcher=$(command -v ccache || true)
env -i HOME="$scratch/home" PATH=/usr/local/bin:/usr/bin:/bin PORT="$port" CCACHE_DIR="${CCACHE_DIR:-$HOME/.cache/ccache}" \
  CMAKE_GENERATOR=Ninja ${launcher:+CMAKE_CXX_COMPILER_LAUNCHER="$launcher"} \
  bash "$(dirname "$0")/run_readme.sh" "$readme" "$scratch/work"
