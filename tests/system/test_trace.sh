#!/usr/bin/env bash
# `allostat trace`: files of chosen people, the same again, and wrong requests refused.
# usage: tests/system/test_trace.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
cd "$work" || exit 2
config=configs/vancouver.yaml
small=(--set population.scale=0.01 --set run.end=2013-12-31 --set run.output_start=2012-01-01)
allostat() { "$program" "$@" >stdout 2>stderr; }
exits() { # exits CODE ARGUMENT...
    wanted=$1
    shift
    allostat "$@"
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "# exit $code, not $wanted: $*"; return 1; }
}
well_formed() {
    for picture in a/person_*.svg; do
        /usr/bin/python3 -c 'import sys, xml.dom.minidom as x; d = x.parse(sys.argv[1])
assert d.getElementsByTagName("desc") and d.getElementsByTagName("path")' "$picture" || return 1
    done
}
rows_are_days() {
    for table in a/person_*.csv; do
        /usr/bin/python3 -c 'import csv, datetime, sys
rows = list(csv.DictReader(open(sys.argv[1])))
days = [datetime.date.fromisoformat(row["date"]) for row in rows]
assert all((b - a).days == 1 for a, b in zip(days, days[1:])), "a day is missing"
assert all(None not in row and None not in row.values() for row in rows), "cells"' "$table" || return 1
    done
}
columns_are_told() {
    [ "$(head -1 "$(ls a/person_*.csv | head -1)" | tr ',' '\n')" = "$(tail -n +2 a/columns.csv | cut -d, -f1)" ]
}

check "writes a table and a picture a person" exits 0 trace "$config" "${small[@]}" --choose 4 --output a
check "four of each" test "$(ls a/person_*.csv a/person_*.svg | wc -l)" -eq 8
check "pictures are XML with a description" well_formed
check "rows are the days lived" rows_are_days
check "columns.csv names the columns in their order" columns_are_told
allostat trace "$config" "${small[@]}" --choose 4 --threads 3 --output b
check "the same files again, with other threads" diff -r a b
people=$(ls a/person_*.csv | sed 's/[^0-9]//g' | paste -sd,)
allostat trace "$config" "${small[@]}" --person "$people" --output c
check "the same people by their numbers" diff -r a c
check "does not overwrite" exits 73 trace "$config" "${small[@]}" --person "$people" --output c
check "overwrites with --force" exits 0 trace "$config" "${small[@]}" --person "$people" --output c --force
check "nobody asked for" exits 64 trace "$config" --output d
check "two ways of asking" exits 64 trace "$config" --person 1 --choose 2 --output d
check "no folder" exits 64 trace "$config" --person 1
check "no number" exits 64 trace "$config" --person one --output d
check "nobody of that number" exits 64 trace "$config" "${small[@]}" --person 99999999 --output d
check "help" exits 0 trace --help
finish
