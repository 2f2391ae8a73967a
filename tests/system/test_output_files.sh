#!/usr/bin/env bash
# The files of `allostat run`: whole or not there, equal for equal runs, opened by other programs,
# and refused with the right exit code. With root also on a full and on a read-only disk.
# usage: tests/system/test_output_files.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
tests=$PWD/tests/system
python=/usr/bin/python3
cd "$work" || exit 2
config=$work/configs/vancouver.yaml
small=(--set population.scale=0.01 --replicates 2 --set run.end=2015-12-31)
allostat() { "$program" "$@" >"$work/stdout" 2>"$work/stderr"; }
exits() { # exits CODE ARGUMENT...: the program ends with this code, with a message on stderr
    wanted=$1
    shift
    allostat "$@"
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "# exit $code, not $wanted: $*"; return 1; }
    [ "$wanted" -eq 0 ] || [ -s "$work/stderr" ]
}
says() { grep -qF -- "$1" "$work/stderr"; }
run_small() { allostat run "$config" "${small[@]}" --quiet "$@"; }
refused() { # refused CODE FILE: a small run to FILE ends with CODE
    exits "$1" run "$config" "${small[@]}" --quiet --force --output "$2"
}
leftovers() { find "$1" -name '*.part' | grep -q .; }

# --- a run and its files
check "a run succeeds" exits 0 run "$config" "${small[@]}"
check "its file is out/<configuration>.h5" test -s "out/$(basename "${config%.*}").h5"
mv out/*.h5 first.h5
check "its facts stand beside it" "$python" -c '
import hashlib, json, sys
facts = json.load(open(sys.argv[1]))
assert facts["result_sha256"] == hashlib.sha256(open("first.h5", "rb").read()).hexdigest()
assert facts["wall_seconds"] > 0 and facts["host"] and facts["simulated_days"] > 0' \
    "$(echo out/*.run.json)"
check "the table tells the digest" grep -q "$(sha256sum first.h5 | cut -d' ' -f1)" stdout

mkdir elsewhere
(cd elsewhere && run_small --output again.h5 --threads 2)
check "another folder and other threads give the same bytes" cmp first.h5 elsewhere/again.h5
relative=$(realpath --relative-to="$PWD" "$config")
allostat run "$relative" "${small[@]}" --quiet --output relative.h5
check "a relative path of the configuration gives the same bytes" cmp first.h5 relative.h5
run_small --output seed.h5 --seed 99
check "another seed gives other bytes" eval '! cmp -s first.h5 seed.h5'

# --- never over another file unless told to
echo precious >kept.h5
check "an existing file is refused" exits 73 run "$config" "${small[@]}" --output kept.h5
check "with the way out" says "--force"
check "and kept" grep -qx precious kept.h5
check "--force replaces it" exits 0 run "$config" "${small[@]}" --quiet --force --output kept.h5
check "with the same bytes as ever" cmp first.h5 kept.h5

# --- places that take no file, told before the run
mkdir folder
check "a missing folder" refused 73 missing/run.h5
check "a folder in place of a file" refused 73 folder
check "a path below a file" refused 73 first.h5/run.h5
check "a file system that takes no files" refused 73 /proc/run.h5
check "a device" refused 73 /dev/null
check "the device is still there" test -c /dev/null

# --- writing that fails
(ulimit -f 64 && run_small --force --output kept.h5)
check "a limit of the size of files is an I/O error" test $? -eq 74
check "the old file is left" cmp first.h5 kept.h5
check "nothing else is left" eval '! leftovers .'
"$program" run "$config" "${small[@]}" --quiet --output full.h5 >/dev/full 2>stderr
check "a standard output that is full is an I/O error" test $? -eq 74
check "its result is whole all the same" cmp first.h5 full.h5

private() { # private COMMANDS: with root, in mounts of our own
    unshare -m bash -c "$1" bash "$program" "$config" "${small[@]}" >"$work/stdout" 2>"$work/stderr"
}
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
    mkdir disk
    private 'mount -t tmpfs -o size=64k none disk || exit 1
        program=$1; shift
        "$program" run "$@" --quiet --output disk/run.h5; code=$?
        [ "$code" -eq 74 ] && [ -z "$(ls -A disk)" ]'
    check "a full disk is an I/O error and keeps nothing" test $? -eq 0
    private 'mount -t tmpfs -o size=64k none disk || exit 1
        program=$1; shift
        echo old >disk/run.h5
        "$program" run "$@" --quiet --force --output disk/run.h5; code=$?
        [ "$code" -eq 74 ] && [ "$(cat disk/run.h5)" = old ] && [ "$(ls -A disk)" = run.h5 ]'
    check "a full disk leaves the old file" test $? -eq 0
    private 'mount -t tmpfs -o ro none disk || exit 1
        program=$1; shift
        "$program" run "$@" --quiet --output disk/run.h5; [ $? -eq 73 ]'
    check "a read-only disk is refused" test $? -eq 0
else
    echo "# no root: full and read-only disks were not tried"
fi

# --- signals end a run at the end of a day, with no file
for signal in INT TERM USR1; do
    env --default-signal "$program" run "$config" "${small[@]}" --quiet --replicates 10000 \
        --output stopped.h5 >stdout 2>stderr &
    pid=$!
    # the run has begun once it holds signals back
    until grep -q '^SigBlk:.*[1-9a-f]' "/proc/$pid/status" 2>/dev/null; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    sleep 0.3
    kill -s "$signal" "$pid"
    wait "$pid"
    check "SIG$signal stops a run with 75" test $? -eq 75
    check "SIG$signal is named and leaves no file" eval 'says "SIG$signal" && [ ! -e stopped.h5 ]'
done

# --- kill -9 at any moment: the old file, the new one or none
whole() { [ ! -e killed.h5 ] || cmp -s killed.h5 first.h5 || cmp -s killed.h5 seed.h5; }
broken=0
for i in $(seq 20); do
    case $i in 1) ;; 2) cp seed.h5 killed.h5 ;; esac
    "$program" run "$config" "${small[@]}" --quiet --force --output killed.h5 >stdout 2>stderr &
    pid=$!
    if [ $((i % 2)) -eq 0 ]; then
        # as soon as the file is being written
        until compgen -G '.killed.h5.*.part' >part; do
            kill -0 "$pid" 2>/dev/null || break
        done
    else
        sleep "0.$((RANDOM % 9 + 1))"
    fi
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    whole || broken=$((broken + 1))
    rm -f .killed.h5.*.part
done
check "twenty kills leave a whole file or none" test "$broken" -eq 0

# --- other programs open it
check "ncdump reads the header" eval 'ncdump -h first.h5 >stdout 2>stderr && [ ! -s stderr ]'
check "ncdump reads the data" eval 'ncdump first.h5 >stdout 2>stderr && [ ! -s stderr ]'
check "xarray and h5py read all without a warning" eval \
    '"$python" "$tests/read_output.py" first.h5 >stdout 2>stderr && [ ! -s stderr ]'

# --- info
check "info shows a file" exits 0 info first.h5
check "info lists the series" grep -q '^overdose_deaths .*persons' stdout
run_small --output json.h5 --json
cp stdout run.json
check "info repeats the numbers of the run" "$python" -c '
import json, subprocess, sys
run = json.load(open("run.json"))
info = json.loads(subprocess.run([sys.argv[1], "info", "json.h5", "--json"],
                                 check=True, capture_output=True).stdout)
assert info.pop("series")
assert run == info, (run, info)' "$program"
head -c 50000 first.h5 >cut.h5
echo "not HDF5" >text.h5
check "a file cut short is refused" exits 65 info cut.h5
check "and named" says cut.h5
check "a file that is no HDF5 is refused" exits 65 info text.h5
check "a missing file is no input" exits 66 info missing.h5

# --- usage
check "an unknown command" exits 64 rum
check "gets the nearest name" says "'run'"
check "no command" exits 64
check "run without a configuration" exits 64 run
check "run with two configurations" exits 64 run a.yaml b.yaml
check "an unknown option" exits 64 run "$config" --sed 3
check "an option without its value" exits 64 run "$config" --seed
check "a seed that is no number" exits 64 run "$config" --seed x
check "threads below zero" exits 64 run "$config" --threads -1
check "info without a file" exits 64 info
check "a configuration that is not there" exits 66 run missing.yaml
check "a mistake in --set" exits 65 run "$config" --set run.sed=3
check "--help" exits 0 --help
check "--version" exits 0 --version
for command in run info validate params schema; do
    check "$command --help has an example" eval 'exits 0 $command --help && grep -q "^example:" stdout'
done

finish
