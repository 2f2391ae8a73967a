#!/usr/bin/env bash
# `allostat bench` of a small city: each key that docs/performance.md names, figures that fit each
# other, and what it says to mistakes. No time is judged here.
# usage: tests/system/test_bench.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
cp docs/performance.md "$work/performance.md"
cd "$work" || exit 2
small=(--set population.scale=0.02 --set run.end=2012-03-31 --set run.output_start=2012-01-01)
exits() { # exits CODE ARGUMENT...: bench ends with this code
    wanted=$1
    shift
    "$program" bench "$@" >stdout 2>stderr
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "# exit $code, not $wanted: $*"; return 1; }
}
shows() { grep -qE -- "$1" stdout; }
refused() { # refused CODE TEXT ARGUMENT...
    exits "$1" "${@:3}" && grep -qF -- "$2" stderr && [ ! -s stdout ]
}

check "a table for people" exits 0 "${small[@]}" --threads 2
check "with one city over all threads" shows '^  one city over all .* 2: [0-9.]+ s +ratio [0-9.]+$'
check "with a replicate on each" shows '^  a replicate on each .* 2: [0-9.]+ s +ratio [0-9.]+$'
check "with cities of two sizes" shows '^ +100 % of the city +[0-9]+ residents'
check "nothing is written" eval '! ls | grep -q h5'
check "the same as JSON" exits 0 "${small[@]}" --threads 2 --json
check "has every key of docs/performance.md, and they fit" /usr/bin/python3 - <<'P'
import json, re

told = json.load(open("stdout"))
page = open("performance.md").read().split("## Keys of `allostat bench --json`")[1]
named = set(re.findall(r"`([a-z_]+)`", page)) - {"hardest"}
known = set(told) | set(told["limits"]) | set(told["growth"][0]) | set(told["nanoseconds_per_process"])
assert named <= known, named - known
assert told["threads"] == 2 and [g["scale"] for g in told["growth"]] == [0.1, 1.0]
days = told["user_days_per_second"] * told["day_seconds"]
assert 0.9 < days / (told["users"] * 91) < 1.1, days
assert 100 < told["bytes_per_person"] < 2000
assert told["thread_ratio"] > 0 and told["replicates_ratio"] > 0
assert all(city["memory_seconds"] > 0 for city in told["growth"])
for city in told["growth"]: # of one thread; by the clock it may be longer, beside other work
    assert 0 < city["own_seconds"] < 1.1 * city["seconds"] + 0.05, city
    assert city["system_seconds"] >= 0, city
    days = city["own_seconds"] / (1e-9 * city["own_nanoseconds_per_resident_day"])
    assert abs(days / (city["seconds"] * city["resident_days_per_second"]) - 1) < 0.01, city
P
check "a thread that is a word" refused 64 "is no number of threads" --threads two
check "no thread" refused 64 "is no number of threads" --threads 0
check "two configurations" refused 64 "one configuration at a time" a.yaml b.yaml
check "a misspelt configuration" refused 66 "vancuover.yaml" configs/vancuover.yaml
check "a misspelt parameter" refused 65 "did you mean 'scale'?" --set population.scael=1
finish
