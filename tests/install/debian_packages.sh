#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# debian_packages.sh BUILD SCRATCH: makes the Debian packages, looks at them, and unpacks them into SCRATCH/sdk and
# SCRATCH/service.
set -eu
build=$1 scratch=$2

rm -rf "$scratch"
mkdir -p "$scratch"
cpack --config "$build/CPackConfig.cmake" -B "$scratch"

# look_at NAME: prints the package of that name, and leaves in $deb its file, in $list what it contains.
look_at() {
  deb=$(echo "$scratch/$1"_*_"$(dpkg --print-architecture)".deb)
  list=$(dpkg-deb -c "$deb")
  dpkg-deb -I "$deb"
  echo "$list"
}

# holds FIELD PATTERN: the control file says so.
holds() {
  value=$(dpkg-deb -f "$deb" "$1")
  if ! echo "$value" | grep -Eq "$2"; then
    echo "$deb: $1 is '$value', not '$2'" >&2
    exit 1
  fi
}

contains() {
  for path in "$@"; do
    if ! echo "$list" | grep -q " \./$path\$"; then
      echo "$deb: no $path in it" >&2
      exit 1
    fi
  done
}

look_at fulfilld-sdk-dev
holds Package '^fulfilld-sdk-dev$'
holds Section '^libdevel$'
holds Depends 'libc6 \(>= '
holds Recommends 'nlohmann-json3-dev, libgtest-dev'
holds Description '^Adapters for fulfilld'
contains usr/bin/fulfilld-adapter usr/include/fulfill/adapter.hpp usr/include/fulfill/testing.hpp \
  usr/bin/fulfilld-simulator usr/share/cmake/fulfilld-sdk/fulfilld-sdk-config.cmake usr/share/pkgconfig/fulfilld-sdk.pc \
  usr/share/doc/fulfilld-sdk-dev/copyright usr/share/doc/fulfilld-sdk-dev/examples/hello/hello.cpp
dpkg-deb -x "$deb" "$scratch/sdk"

look_at fulfilld
holds Package '^fulfilld$'
holds Section '^net$'
holds Depends 'libcaf-core.*libssl3'
holds Description '^Durable fulfillment service'
contains usr/bin/fulfilld usr/lib/fulfilld/adapters/http_json.so usr/lib/systemd/system/fulfilld.service \
  usr/share/doc/fulfilld/copyright usr/share/doc/fulfilld/fulfilld.toml
dpkg-deb -x "$deb" "$scratch/service"
"$scratch/service/usr/bin/fulfilld" --version
