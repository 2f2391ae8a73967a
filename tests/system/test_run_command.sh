#!/usr/bin/env bash
# What `allostat run` and its neighbours say to whoever types: the table, the log, the options, and
# the mistakes of every day. The files that a run leaves are the business of test_output_files.sh.
# usage: tests/system/test_run_command.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
python=/usr/bin/python3
cd "$work" || exit 2
config=configs/vancouver.yaml
small=(--set population.scale=0.01 --replicates 2 --set run.end=2015-12-31)
exits() { # exits CODE ARGUMENT...: the program ends with this code
    wanted=$1
    shift
    "$program" "$@" >"$work/stdout" 2>"$work/stderr"
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "# exit $code, not $wanted: $*"; return 1; }
}
shows() { grep -qE -- "$1" "$work/stdout"; }
says() { grep -qF -- "$1" "$work/stderr"; }
refused() { # refused CODE TEXT ARGUMENT...: ends with CODE, TEXT on stderr, nothing on stdout or disk
    wanted_text=$2
    exits "$1" "${@:3}" && says "$wanted_text" && [ ! -s "$work/stdout" ] && [ ! -e out ]
}

# --- mistakes of every day; none of them leaves the folder out behind
check "threads that are a word" refused 64 "--threads needs a number from 0 to" \
    run "$config" --threads abc
check "threads below zero" refused 64 "--threads needs a number" run "$config" --threads=-1
check "half a thread" refused 64 "--threads needs a number" run "$config" --threads 1.5
check "too many threads" refused 64 "--threads needs a number" run "$config" --threads 5000
check "replicates that are a word" refused 64 "--replicates needs a whole number" \
    run "$config" --replicates many
check "an output that is the configuration itself" refused 73 "is what this command reads" \
    run "$config" "${small[@]}" --output "$config" --force
check "a part set by a dot gets the way to write it" refused 65 "therapy.places={emdr: VALUE}" \
    run "$config" "${small[@]}" --set therapy.places.emdr=5
check "no replicate at all" refused 65 "outside its range" run "$config" --replicates 0
check "an output without a name" refused 64 "--output needs the name of a file" \
    run "$config" --output ""
check "an output in a folder that is not there" refused 73 "the folder nowhere does not exist" \
    run "$config" "${small[@]}" --output nowhere/run.h5
check "a misspelt configuration" refused 66 "configs/vancuover.yaml" run configs/vancuover.yaml
check "a folder in place of a configuration" refused 66 "Is a directory" run configs
check "a series in place of a configuration" refused 65 "a configuration is a map" \
    run configs/vancouver/kits_shipped.csv
check "a misspelt command gets the nearest" refused 64 "did you mean 'schema'?" shema
check "an unknown option gets a way to help" refused 64 "try: allostat run --help" \
    run "$config" --sed 3
check "an option of another command" refused 64 "'--seed' is no option" info --seed 1 run.h5
check "two files for info" refused 64 "'b.h5' is too many" info a.h5 b.h5
check "a configuration for info" refused 65 "is not an HDF5 file" info "$config"
check "a folder for info" refused 66 "Is a directory" info configs
check "validate without a configuration" refused 64 "which configuration?" validate
check "an argument for schema" refused 64 "takes no argument" schema "$config"
check "an unknown group of parameters" refused 64 "did you mean 'naloxone'?" params nalox
check "an unknown parameter" refused 64 "did you mean 'naloxone.kit_life'?" params naloxone.kitlife

# --- the table, for people
check "a run without --output" exits 0 run "$config" "${small[@]}"
check "writes out/<name of the configuration>.h5" test -s out/vancouver.h5
check "its table sets observed beside simulated" shows '^year +observed +simulated'
check "with the observed deaths of the year" shows '^2015 +138 +[0-9]+ \[[0-9]+-[0-9]+\]'
check "it says that a sample is not scaled up" shows '0\.01 of the real'
check "it says what the interval is" shows 'mean \[lowest-highest\] of 2 replicates'
check "it says what to look at next" shows '^next +allostat info out/vancouver\.h5$'
check "no colour comes where nobody looks" eval '! grep -q "[[:cntrl:]]" stdout'
check "a run of seconds logs nothing into a file" test ! -s stderr
"$program" info out/vancouver.h5 >info 2>stderr
check "info shows the same table" eval 'cmp <(grep "^20" stdout) <(grep "^20" info)'
check "info lists series with dimension and unit" \
    grep -qE '^overdose_deaths +\(replicate, month, area, sex, age_group\) \[persons\]' info
cp out/vancouver.h5 first.h5
check "the same again is refused" exits 73 run "$config" "${small[@]}"
check "with the way out" says "--force"

# --- on a terminal
terminal() { # terminal COMMAND...: as somebody sees it who sits before it
    TERM=xterm script -qec "$(printf '%q ' "$@")" /dev/null >stdout 2>stderr
}
bold=$(printf '\033')'\[1mVancouver'
for seconds in 2 10 60; do # longer where the machine is busy
    terminal timeout --foreground -s INT "$seconds" "$program" run "$config" "${small[@]}" \
        --replicates 10000 --output seen.h5
    shows '% ' && break
done
check "a bar shows the share done and the time left" shows '\[#*\.*\] +[0-9]+ %  [0-9.]+ (s|min|h) left'
terminal "$program" info out/vancouver.h5
check "headings are bold" shows "$bold"
terminal env NO_COLOR=1 "$program" info out/vancouver.h5
check "but not with NO_COLOR" eval 'shows "^Vancouver" && ! shows "$bold"'

# --- the same for programs
check "a run with --json and --quiet" exits 0 run "$config" "${small[@]}" --force --json --quiet
check "has nothing to log" test ! -s stderr
check "and one JSON object to show" "$python" -c '
import json
run = json.load(open("stdout"))
assert isinstance(run, dict) and len(run) > 3, run'
"$program" info out/vancouver.h5 --json >stdout 2>stderr
check "info --json is JSON, too" "$python" -c 'import json; json.load(open("stdout"))["series"][0]'
"$program" schema >stdout 2>stderr
check "the schema is JSON" "$python" -c 'import json; json.load(open("stdout"))["$schema"]'

# --- options that do what they say
for threads in 0 1 2 7; do
    check "a run with $threads threads" exits 0 run "$config" "${small[@]}" --quiet \
        --threads "$threads" --output "threads$threads.h5"
    check "has the same bytes" cmp first.h5 "threads$threads.h5"
    check "and says how many there were" "$python" -c '
import json, sys
threads = json.load(open(sys.argv[1]))["threads"]
assert threads == int(sys.argv[2]) or sys.argv[2] == "0" and threads > 0, threads' \
        "threads$threads.h5.run.json" "$threads"
done
"$program" run "$config" "${small[@]}" --quiet --json --seed 7 --seed 8 --output last.h5 >stdout 2>stderr
check "of two equal options the last one counts" grep -qE '"seed": *8\b' stdout
"$program" params naloxone >stdout
check "params takes a group" shows '^naloxone\.kits_shipped$'
"$program" params naloxone.kit_life >stdout
check "params takes a parameter" eval 'shows "^naloxone.kit_life$" && ! shows "^naloxone.kits_shipped"'

# --- ready-made scenarios
check "every scenario is valid" exits 0 validate configs/scenarios/*.yaml
check "a scenario runs" exits 0 run configs/scenarios/no_naloxone.yaml "${small[@]}" --quiet
check "without kits, if it says so" "$python" -c '
import xarray
with xarray.open_dataset("out/no_naloxone.h5", engine="h5netcdf") as none:
    assert none["kits_handed_out"].sum() == 0 and none["kits_used"].sum() == 0
with xarray.open_dataset("first.h5", engine="h5netcdf") as base:
    assert base["kits_handed_out"].sum() > 0 and base["kits_used"].sum() > 0'

finish
