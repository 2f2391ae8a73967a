#!/usr/bin/env bash
# A build for aarch64, run by qemu, gives the same bytes; it also verifies what this machine made.
# usage: tests/system/long_aarch64.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R configs "$work/configs" # a copy: an edit meanwhile would change the bytes
small=(--set population.scale=0.05 --set run.end=2015-12-31 --replicates 2 --quiet)
passed=0 failed=0

check() { # check NAME COMMAND...: the command succeeds
    name=$1
    shift
    if "$@" >"$work/messages" 2>&1; then
        passed=$((passed + 1))
        echo "ok $((passed + failed)) - $name"
    else
        failed=$((failed + 1))
        echo "not ok $((passed + failed)) - $name"
        sed 's/^/# /' "$work/messages" | tail -n 20
    fi
}
run() { "$1" run "$work/configs/vancouver.yaml" --output "$work/$2.h5" --threads 2 "${small[@]}"; }

check "it builds for aarch64" sh scripts/aarch64.sh build/aarch64
check "this machine runs" run "$program" here
check "aarch64 runs" run build/aarch64/allostat there
check "both files are the same to the byte" cmp "$work/here.h5" "$work/there.h5"
check "aarch64 makes this machine's file again" build/aarch64/allostat verify "$work/here.h5"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
