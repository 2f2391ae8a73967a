#!/usr/bin/env bash
# `--save-city` and `--from-city`: going on from a saved city gives the bytes of a run from the start,
# with the same future or with another policy; what cannot be gone on from is refused and named.
# usage: tests/system/test_saved_city.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
cd "$work" || exit 2
run() { # run CONFIG OUTPUT OPTION...: a small city, 2012 to 2014
    config=$1 output=$2
    shift 2
    "$program" run "$config" --set population.scale=0.01 --replicates 2 --quiet --output "$output" \
        --set run.output_start=2012-01-01 --set run.end=2014-12-31 "$@" >said 2>&1
}
refused() { # refused CODE TEXT OUTPUT OPTION...: the exit code and what is said; nothing is written
    wanted=$1 text=$2 output=$3
    shift 3
    run configs/vancouver.yaml "$output" "$@"
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "# exit $code, not $wanted"; return 1; }
    grep -qE -- "$text" said || { echo "# not said: $text"; return 1; }
    [ ! -e "$output" ]
}
cat >configs/policy.yaml <<'EOF'
extends: vancouver.yaml
run: {name: With another future}
events:
  - date: 2013-07-01
    why: to see that only the future changes
    set: {naloxone.handed_out_share: 0.9, oat.request_rate: 0.2, detox.beds: 100}
EOF

run configs/vancouver.yaml whole.h5 || { cat said; exit 1; }
for month in 2012-02 2012-12 2013-01 2013-07 2014-12; do
    run configs/vancouver.yaml saved.h5 --force --save-city "$month-01=city.$month" || { cat said; exit 1; }
    run configs/vancouver.yaml on.h5 --force --from-city "city.$month" || { cat said; exit 1; }
    check "a run that saves its city in $month is the run it was" cmp -s whole.h5 saved.h5
    check "and the run that goes on from it is the same to the byte" cmp -s whole.h5 on.h5
done
turns="--set population.resident_step=3"
run configs/vancouver.yaml turns.h5 $turns || { cat said; exit 1; }
for month in 2012-12 2013-01 2013-05; do
    run configs/vancouver.yaml saved.h5 --force $turns --save-city "$month-01=turns.$month" || { cat said; exit 1; }
    run configs/vancouver.yaml on.h5 --force $turns --from-city "turns.$month" --threads 2 || { cat said; exit 1; }
    check "a city that lives by turns goes on from $month, too" cmp -s turns.h5 on.h5
done
run configs/policy.yaml policy.h5 || { cat said; exit 1; }
check "the policy changes what comes out" test "$(sha256sum <whole.h5)" != "$(sha256sum <policy.h5)"
run configs/policy.yaml branch.h5 --from-city city.2013-07 --threads 3 || { cat said; exit 1; }
check "a policy goes on from the base's city as from the start" cmp -s policy.h5 branch.h5
run configs/policy.yaml again.h5 --from-city city.2013-01 --save-city 2013-10-01 || { cat said; exit 1; }
check "a run that goes on may save, beside its output" test -s again.2013-10-01.city/replicate_1.city
check "and says which folder that is" grep -qx 'city    again.2013-10-01.city' said
run configs/policy.yaml second.h5 --from-city again.2013-10-01.city || { cat said; exit 1; }
check "and that may be gone on from" cmp -s policy.h5 second.h5
run configs/vancouver.yaml late.h5 --set run.output_start=2014-01-01 || { cat said; exit 1; }
run configs/vancouver.yaml later.h5 --set run.output_start=2014-01-01 --from-city city.2013-07
check "a shorter output goes on from a city that kept more" cmp -s late.h5 later.h5

check "another past is refused, and named" refused 65 'naloxone.handed_out_share was 0.3 on 2012-01-01' \
    no.h5 --from-city city.2013-07 --set naloxone.handed_out_share=0.5
check "another step of residents is refused" refused 65 'population.resident_step was 3' no.h5 \
    --from-city turns.2013-01
check "another seed is refused" refused 65 'run.seed was 1' no.h5 --from-city city.2013-07 --set run.seed=2
check "more replicates than were saved are refused" refused 66 'fewer replicates' no.h5 \
    --from-city city.2013-07 --set run.replicates=3
check "a folder that is not there is no input" refused 66 'nothing/replicate_0.city' no.h5 --from-city nothing
check "and it is said what folder is wanted" grep -q 'that a run with --save-city has named' said
check "a day within a month is refused" refused 64 'first day of a month' no.h5 --save-city 2013-07-02
check "a day outside the run is refused" refused 64 'not within the run' no.h5 --save-city 2019-01-01
check "a saved city is not replaced" refused 73 'exists' no.h5 --save-city 2013-07-01=city.2013-07
run configs/vancouver.yaml kept.h5 --set run.output_start=2014-01-01 --save-city 2014-06-01=late.city
check "an output that begins before what was kept is refused" refused 65 'set run.output_start' no.h5 \
    --from-city late.city
size=$(stat -c %s city.2013-07/replicate_0.city)
mkdir short bent alien
head -c $((size - 1)) city.2013-07/replicate_0.city >short/replicate_0.city
cp city.2013-07/replicate_0.city bent/ && printf 'x' |
    dd of=bent/replicate_0.city bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
echo "not a city at all, but a text that somebody put there; it is long enough for a header, which would otherwise be
the first thing that is missed, so that the mark is what is looked at: this is no city, no city, no city" >alien/replicate_0.city
check "a file cut short is found" refused 65 'cut short' no.h5 --from-city short
check "a changed byte is found" refused 65 'SHA-256' no.h5 --from-city bent
check "a file of somebody else is found" refused 65 'not a city saved by allostat' no.h5 --from-city alien

finish
