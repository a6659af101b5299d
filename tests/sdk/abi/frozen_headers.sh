#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# frozen_headers.sh: the headers of version 1.0.0 are what they were: none changed, none added, none gone.
set -eu
cd "$(dirname "$0")/v1"
find include -type f | LC_ALL=C sort | xargs sha256sum | diff SHA256SUMS - || {
  echo "tests/sdk/abi/v1 is never edited: plugins built against it are in the world. See its README.md." >&2
  exit 1
}
