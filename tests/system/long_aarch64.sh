#!/usr/bin/env bash
# A build for aarch64, run by qemu, gives the same bytes; it also verifies what this machine made.
# usage: tests/system/long_aarch64.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
small=(--set population.scale=0.05 --set run.end=2015-12-31 --replicates 2 --quiet)
run() { "$1" run "$work/configs/vancouver.yaml" --output "$work/$2.h5" --threads 2 "${small[@]}" >"$work/messages" 2>&1; }

check "it builds for aarch64" eval 'sh scripts/aarch64.sh build/aarch64 >"$work/messages" 2>&1'
check "this machine runs" run "$program" here
check "aarch64 runs" run build/aarch64/allostat there
check "both files are the same to the byte" cmp "$work/here.h5" "$work/there.h5"
check "aarch64 makes this machine's file again" build/aarch64/allostat verify "$work/here.h5"

finish
