#!/usr/bin/env bash
# The same run gives the same bytes: again, and with any number of threads, over replicates and
# within a city. Another seed gives others.
# usage: tests/system/test_same_bits.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
cd "$work" || exit 2

# digest THREADS OPTION...: the SHA-256 of the result; nothing when the run fails
digest() {
    threads=$1
    shift
    rm -f result.h5 result.h5.run.json
    "$program" run configs/vancouver.yaml --set run.end=2016-12-31 --threads "$threads" \
        --output result.h5 --quiet "$@" >messages 2>&1 || return 1
    sha256sum result.h5 | cut -d' ' -f1
}

# same NAME THREADS OPTION...: equal to $wanted, which is a digest
same() {
    name=$1
    shift
    found=$(digest "$@")
    if [ -n "$found" ] && [ "$found" = "$wanted" ]; then result yes "$name"; else result no "$name"; fi
}

three=(--set population.scale=0.05 --replicates 3)
one=(--set population.scale=0.2 --replicates 1) # several blocks of users, shared out to threads

wanted=$(digest 1 "${three[@]}")
if [ ${#wanted} -eq 64 ]; then result yes "three replicates run"; else result no "three replicates run"; fi
same "three replicates run again to the same bytes" 1 "${three[@]}"
same "three replicates with 2 threads" 2 "${three[@]}"
same "three replicates with 7 threads" 7 "${three[@]}"
other=$(digest 2 "${three[@]}" --seed 2)
if [ ${#other} -eq 64 ] && [ "$other" != "$wanted" ]; then
    result yes "another seed gives another city"
else
    result no "another seed gives another city"
fi

wanted=$(digest 1 "${one[@]}")
if [ ${#wanted} -eq 64 ]; then result yes "one replicate runs"; else result no "one replicate runs"; fi
same "one replicate run again to the same bytes" 1 "${one[@]}"
same "one replicate with 2 threads" 2 "${one[@]}"
same "one replicate with 7 threads" 7 "${one[@]}"

finish
