#!/bin/sh
# What the compiler made of every hot function: tests/bench/vector_report.sh
#
# COMPILE is the command that compiles a file, without the file. Prints, for each function of model/
# marked ALLOSTAT_HOT, the widths in bytes of the vectors in its loop: one for each level of the
# machine it is compiled for, and those of the rows that are left over. Ends with 1 when a loop is
# not vectorised. gcc only.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${COMPILE:?which command compiles?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
functions=0 missed=0

for file in $(grep -l '^ALLOSTAT_HOT' model/*/*.c | sort); do
    # shellcheck disable=SC2086 # a command with its arguments
    $COMPILE -fopt-info-vec-optimized -c "$file" -o "$work/object.o" 2>"$work/report" ||
        { cat "$work/report"; exit 2; }
    for line in $(grep -n '^ALLOSTAT_HOT' "$file" | cut -d: -f1); do
        functions=$((functions + 1))
        end=$(awk -v from="$line" 'NR > from && /^}/ { print NR; exit }' "$file")
        widths=$(awk -F: -v from="$line" -v to="$end" '
            $2 >= from && $2 <= to && match($0, /loop vectorized using [0-9]+ byte/) {
                print substr($0, RSTART + 22, RLENGTH - 27)
            }' "$work/report" | sort -rn | uniq | tr '\n' ' ')
        [ -n "$widths" ] || { missed=$((missed + 1)); widths="NOT VECTORISED"; }
        name=$(sed -n "$((line + 1)),${end}p" "$file" | grep -m 1 '(' |
            sed 's/(.*//; s/.*[ *]//')
        printf '%-34s %-28s %s\n' "$file:$line" "$name" "$widths"
    done
done
echo "$functions hot functions, $missed not vectorised"
[ "$functions" -gt 0 ] && [ "$missed" -eq 0 ]
