#!/usr/bin/env bash
# gcc vectorises the loop of every hot function.
# usage: tests/system/long_hot_loops.sh PROGRAM
set -u
cd "$(dirname "$0")/../.." || exit 2
if make -s bench-report; then echo "1 passed, 0 failed"; else echo "0 passed, 1 failed"; exit 1; fi
