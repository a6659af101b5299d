#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install_sdk.sh SOURCE BUILD PREFIX: installs the component sdk, and looks at what came of it.
set -eu
source=$1 build=$2 prefix=$3

rm -rf "$prefix"
cmake --install "$build" --component sdk --prefix "$prefix" >/dev/null
find "$prefix" -type f | sed "s|^$prefix/||" | sort

for file in include/fulfill/abi.h include/fulfill/adapter.hpp include/fulfill/testing.hpp bin/fulfilld-adapter \
    share/cmake/fulfilld-sdk/fulfilld-sdk-config.cmake share/cmake/fulfilld-sdk/fulfilld-sdk-config-version.cmake \
    share/cmake/fulfilld-sdk/adapter.map share/pkgconfig/fulfilld-sdk.pc; do
  test -f "$prefix/$file" || { echo "$file is missing" >&2; exit 1; }
done
if grep -rIl -e "$source" -e "$build" "$prefix"; then
  echo "these files name a place of the machine that built them" >&2
  exit 1
fi
