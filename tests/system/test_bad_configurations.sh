#!/usr/bin/env bash
# Each bad configuration is refused with exit code 65, and its mistake is shown at its place, with
# the way out, the source line and a caret under the column.
# usage: tests/system/test_bad_configurations.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
cd tests/system/bad_configurations || exit 2

# expect NAME PLACE TEXT ARGUMENT...: `allostat validate ARGUMENT...` shows TEXT at PLACE.
expect() {
    name=$1 place=$2 text=$3
    shift 3
    output=$("$program" validate "$@" 2>&1 >"$work/stdout")
    code=$?
    good=yes
    [ "$code" -eq 65 ] || good=no
    [ ! -s "$work/stdout" ] || good=no
    # only the line that begins with the place counts, then its caret two lines below
    printf '%s\n' "$output" | PLACE="$place: error: " TEXT=$text awk '
        index($0, ENVIRON["PLACE"]) == 1 && index($0, ENVIRON["TEXT"]) { found = NR }
        found && NR == found + 2 {
            count = split(ENVIRON["PLACE"], part, ":")
            wanted = part[count - 2]
            if ($0 !~ /^ *\^$/ || (wanted + 0 > 0 && length($0) != wanted)) exit 1
            good = 1
            exit 0
        }
        END { exit !good }' || good=no
    printf '%s\n' "exit $code; wanted '$text' at $place" "$output" >"$work/messages"
    result "$good" "$name"
}

while IFS='|' read -r file place text; do
    case $file in '#'* | '') continue ;; esac
    file=${file% } place=${place# } text=${text# }
    expect "$file" "${place% }" "$text" "$file"
done <cases.txt

# files that would be a burden in the repository
printf '\177ELF\0\001' >"$work/binary.yaml"
expect "a binary file" "$work/binary.yaml:1:1" "plain text in UTF-8" "$work/binary.yaml"
printf 'run:\n  name: "caf\351"\n' >"$work/latin1.yaml"
expect "a text in Latin-1" "$work/latin1.yaml:2:13" "plain text in UTF-8" "$work/latin1.yaml"
head -c 5000000 /dev/zero | tr '\0' '#' >"$work/huge.yaml"
expect "a huge file" "$work/huge.yaml:1:1" "larger than 4 MiB" "$work/huge.yaml"
head -c 3000000 /dev/zero | tr '\0' '[' >"$work/brackets.yaml"
expect "three million brackets" "$work/brackets.yaml:1:17" "nested deeper" "$work/brackets.yaml"
{ echo 'run:'; seq -f '  k%.0f: 1' 100000; } >"$work/keys.yaml"
expect "a hundred thousand unknown keys" "$work/keys.yaml:2:3" "has no 'k1'" "$work/keys.yaml"
printf '# source: made up\ndate,value\n2015,\0\n' >"$work/binary.csv"
printf 'population:\n  residents: {csv: binary.csv}\n' >"$work/csv.yaml"
expect "a binary CSV" "$work/binary.csv:3:6" "plain text in UTF-8" "$work/csv.yaml"
printf 'extends: link.yaml\n' >"$work/linked.yaml"
ln -s "$PWD/unknown_key.yaml" "$work/link.yaml"
expect "a link out of the folder" "$work/linked.yaml:1:10" "outside" "$work/linked.yaml"
switch=$("$program" params --format csv | awk -F'","' '$2 == "switch" { print substr($1, 2); exit }')
if [ -n "$switch" ]; then
    printf '%s:\n  %s: maybe\n' "${switch%%.*}" "${switch#*.}" >"$work/switch.yaml"
    name=${switch#*.}
    expect "a switch that is neither on nor off" "$work/switch.yaml:2:$((${#name} + 5))" \
        "must be on or off" "$work/switch.yaml"
fi

# --set
printf 'run: {seed: 1}\n' >"$work/good.yaml"
expect "--set of an unknown parameter" "--set 'run.sed=1'" "did you mean 'seed'?" \
    "$work/good.yaml" --set run.sed=1
expect "--set out of range" "--set 'population.scale=-1'" "outside its range" \
    "$work/good.yaml" --set population.scale=-1
expect "--set without a value" "--set 'run.seed'" "write it as path=value" \
    "$work/good.yaml" --set run.seed

# one bad file among good ones: all are checked, the worst exit code counts
output=$("$program" validate unknown_key.yaml "$work/good.yaml" wrong_type.yaml 2>&1)
code=$?
good=yes
[ "$code" -eq 65 ] || good=no
for wanted in unknown_key.yaml:3:3: "$work/good.yaml: valid" wrong_type.yaml:2:15:; do
    case $output in *"$wanted"*) ;; *) good=no ;; esac
done
result "$good" "several files are all checked" "exit $code
$output"

# nothing of a file may reach the terminal as a command
output=$("$program" validate terminal_escape.yaml 2>&1 | LC_ALL=C grep -c '[[:cntrl:]]')
good=yes
[ "$output" = 0 ] || good=no
result "$good" "no control character is printed" "$output lines with control characters"

finish
