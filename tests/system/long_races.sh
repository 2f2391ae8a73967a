#!/usr/bin/env bash
# Threads touch nothing that another writes: a build with the thread sanitizer lives small cities on
# two and three threads, one city over all of them and replicates side by side, and sees no race.
# usage: tests/system/long_races.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
# how a thread of OpenMP is told what it shall do; the rest is told by engine/blocks.c
echo "race_top:_omp_fn" >"$work/known"
export TSAN_OPTIONS="halt_on_error=1 exitcode=3 suppressions=$work/known"
races=$work/build/allostat
city() { # city PROGRAM NAME OPTION...
    "$1" run "$work/configs/$config.yaml" --output "$work/$2.h5" --set population.scale=0.05 --quiet --force \
        "${@:3}" >"$work/messages" 2>&1
}

check "it builds with the thread sanitizer" \
    eval 'make -s -j2 CC=gcc VARIANT=race BUILD="$work/build" "$races" >"$work/messages" 2>&1'
config=vancouver
until_2013=(--set run.end=2013-06-30 --set run.output_start=2012-01-01)
check "one city over two threads" city "$races" two "${until_2013[@]}" --replicates 1 --threads 2
check "one city over three threads" city "$races" three "${until_2013[@]}" --replicates 1 --threads 3
check "three replicates on two threads" city "$races" replicates "${until_2013[@]}" --replicates 3 --threads 2
check "the plain program runs the same" city "$program" plain "${until_2013[@]}" --replicates 1 --threads 1
check "with the same bytes" cmp "$work/plain.h5" "$work/two.h5"
config=everything_open
check "a city with every programme over two threads" \
    city "$races" open --set run.end=2016-06-30 --replicates 1 --threads 2

finish
