#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run_readme.sh README SCRATCH: runs what a document tells its reader to do, in one shell that begins in an empty folder.
#   ```sh        is run; it has to succeed
#   ```text      after it: lines that it printed, in this order; `...` stands for anything
#   ```cpp FILE  (or any other kind, with a name): is written to that file
# Blocks of another kind are for reading.
set -euo pipefail
readme=$1 scratch=$2

rm -rf "$scratch"
mkdir -p "$scratch/folder"
cat >"$scratch/script" <<'PROLOGUE'
set -eu
out=/dev/null
finish() {
  status=$?
  trap - EXIT
  exec >&3 2>&4
  if [ $status != 0 ]; then echo "FAILED: line $line"; cat "$out"; fi
  kill $(jobs -p) 2>/dev/null || true
  wait
  exit $status
}
exec 3>&1 4>&2
trap finish EXIT

# The block that begins at that line of the document.
block() {
  line=$1
  echo "--- line $line" >&3
}

# All that is written from now on belongs to the block.
run() {
  block "$1"
  out=$scratch/output.$1
  exec >"$out" 2>&1
}

# Looks for each line of standard input in what the last block wrote.
expect() {
  block "$1"
  local wanted pattern seen
  exec 5<"$out"
  while IFS= read -r wanted; do
    pattern=$(sed -e 's/[][\\*?]/\\&/g' -e 's/\.\.\./*/g' <<<"$wanted")
    while :; do
      IFS= read -r seen <&5 || { echo "not printed: $wanted" >&3; return 1; }
      [[ $seen != $pattern ]] || break
    done
  done
}
PROLOGUE

awk -v quote="'" '
  /^```/ && !inside {
    inside = 1; kind = substr($1, 4); file = $2
    if (kind == "sh") { print "run " NR; }
    else if (kind == "text") print "expect " NR " <<" quote "END_OF_BLOCK" quote
    else if (file != "") { print "block " NR; print "cat >" file " <<" quote "END_OF_BLOCK" quote }
    else kind = ""
    next
  }
  /^```/ { inside = 0; if (kind != "" && kind != "sh") print "END_OF_BLOCK"; next }
  inside && kind != ""
' "$readme" >>"$scratch/script"

cd "$scratch/folder"
scratch=$scratch timeout --kill-after=10 840 bash "$scratch/script"
