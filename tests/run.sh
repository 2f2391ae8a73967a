#!/bin/sh
# Run test programs one after the other: tests/run.sh GROUP LOGS PROGRAM...
#
# A script (*.sh) gets the program under test, $PROGRAM, as its argument. Each test's output is kept
# in the folder LOGS. Of a test that passes the closing lines are shown, of one that fails
# everything. Ends with 1 when a test failed or when there was none.
set -u
group=$1 logs=$2
shift 2
limit=${TEST_TIMEOUT:-900} # seconds for one program: a test that hangs is a test that fails
passed=0 failed=0
# Leaks of the OpenMP library itself are not ours (clang's sanitizers).
LSAN_OPTIONS=suppressions=$(cd "$(dirname "$0")" && pwd)/lsan.supp:print_suppressions=0
export LSAN_OPTIONS
mkdir -p "$logs"

run_one() {
    case $1 in
    *.sh) timeout --foreground -k 10 "$limit" bash "$1" ${PROGRAM:+"$PROGRAM"} ;;
    *) timeout --foreground -k 10 "$limit" "$1" ;;
    esac
}

echo "== $group"
for test in "$@"; do
    log=$logs/$(echo "${test#*tests/}" | tr / -).log
    start=$(date +%s)
    if run_one "$test" >"$log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        echo "ok   $test ($(($(date +%s) - start)) s)"
        grep -E '^\[(=+\] [0-9]+ test|  PASSED  \])' "$log"
    else
        code=$?
        failed=$((failed + 1))
        cat "$log"
        [ "$code" -ne 124 ] || echo "stopped after $limit s"
        echo "FAIL $test (exit $code; output in $log)"
    fi
done
echo "$group:"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
