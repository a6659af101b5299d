#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# first_adapter.sh README PLUGIN COMPILER INCLUDE MAP: builds the one C++ block of a document that is an adapter.
set -eu
readme=$1 plugin=$2 compiler=$3 include=$4 map=$5

rm -f "$plugin"
awk '
  /^```cpp/ { inside = 1; block = ""; next }
  /^```/ { if (inside && block ~ /FULFILL_ADAPTER/) { printf "%s", block; ++found } inside = 0; next }
  inside { block = block $0 "\n" }
  END { if (found != 1) { print "there are " found + 0 " adapters in the document, not one" >"/dev/stderr"; exit 1 } }
' "$readme" >"$plugin.cpp"
"$compiler" -std=c++20 -O1 -Wall -Wextra -Wpedantic -Werror -I"$include" "$plugin.cpp" -o "$plugin" -shared -fPIC \
  -fvisibility=hidden -fvisibility-inlines-hidden -Wl,-z,defs,-z,relro,-z,now -Wl,--version-script="$map"
