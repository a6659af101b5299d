#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pkg_config.sh PREFIX EXAMPLE_SOURCE PLUGIN COMPILER: builds a plugin with one command, and moves the SDK first.
set -eu
prefix=$1 source=$2 plugin=$3 compiler=$4

moved=$plugin.sdk
rm -rf "$moved"
cp -r "$prefix" "$moved"
export PKG_CONFIG_PATH="$moved/share/pkgconfig"
pkg-config --exists 'fulfilld-sdk >= 1 fulfilld-sdk < 2'
"$compiler" -O2 -Wall -Wextra -Werror $(pkg-config --cflags fulfilld-sdk) "$source" -o "$plugin" \
  $(pkg-config --variable=adapter_flags fulfilld-sdk)
"$moved/bin/fulfilld-adapter" check "$plugin"
