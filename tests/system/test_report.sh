#!/usr/bin/env bash
# `allostat report`: a page that is whole, safe and the same each time; figures that are XML with their
# numbers; texts of users shown as text; files that are not ours refused.
# usage: tests/system/test_report.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
tests=$PWD/tests/system
cd "$work" || exit 2
small=(--set population.scale=0.01 --set run.end=2016-12-31 --replicates 2 --quiet)
allostat() { "$program" "$@" >stdout 2>stderr; }
exits() { # exits CODE ARGUMENT...
    wanted=$1
    shift
    allostat "$@"
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "# exit $code, not $wanted: $*"; return 1; }
}
says() { grep -qF -- "$1" stderr; }
has() { grep -qF -- "$1" "$2"; }
has_not() { ! grep -qF -- "$1" "$2"; }
page_is() { /usr/bin/python3 "$tests/check_page.py" "$@" >stdout 2>&1; }

# A name that would break a page, and one of 200 letters; both are cut by nothing but the eye.
nasty='<script>alert("1")</script> & '\''quoted'\'' Zürich שלום'
long=$(printf 'x%.0s' $(seq 200))

allostat run configs/vancouver.yaml "${small[@]}" --output base.h5 || exit 1
allostat run configs/scenarios/no_naloxone.yaml "${small[@]}" --output policy.h5 || exit 1
allostat run configs/vancouver.yaml "${small[@]}" --set "run.name=$nasty" --set "run.description=$long" \
    --set naloxone.handed_out_share=0.9 --output nasty.h5 || exit 1
allostat run configs/vancouver.yaml "${small[@]}" --replicates 1 --output single.h5 || exit 1

check "a page of a base and a policy" exits 0 report base.h5 policy.h5 -o page.html --figures figures
check "it is whole, safe and says its units" page_is page.html
check "the same bytes again" sh -c '"$0" report base.h5 policy.h5 --output again.html 2>stderr &&
    cmp page.html again.html' "$program"
check "every figure is XML" xmllint --noout figures/*.svg
check "every figure has its numbers, with unit and source" sh -c '
    for svg in figures/*.svg; do
        csv=${svg%.svg}.csv
        grep -q "^# unit: ." "$csv" && grep -q "^# source: ." "$csv" && grep -q "<desc" "$svg" || exit 1
    done'
check "the page names what was changed and how it is known" has naloxone.handed_out_share page.html
check "the page names the files by their digests" has "$(sha256sum base.h5 | cut -d' ' -f1)" page.html
check "the CSV is what the file holds" /usr/bin/python3 "$tests/check_figures.py" base.h5 policy.h5 figures
check "a page of one run" exits 0 report base.h5 -o one.html --figures figures_of_one
check "it is whole, too" page_is one.html
check "it says that there is no policy" has "There is no policy to compare it with" one.html
check "a page of several policies" exits 0 report base.h5 policy.h5 nasty.h5 policy.h5 -o many.html
check "it is whole as well" page_is many.html
check "texts of users are text" has_not '<script>alert' many.html
check "all of them" has '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;quoted&#39; Zürich שלום' many.html
check "even long ones" has "$long" many.html
check "a title of the user is text" sh -c '"$0" report base.h5 -o title.html --title "<b>&</b>" 2>stderr &&
    grep -q "<title>&lt;b&gt;&amp;&lt;/b&gt;</title>" title.html' "$program"
check "a run against itself changes nothing" exits 0 report base.h5 base.h5 -o same.html
check "and the page says so" has "no difference in deaths by overdose" same.html
check "one replicate" exits 0 report single.h5 single.h5 -o single.html
check "has no interval" has "With one pair of replicates" single.html
check "nothing that is no number is drawn" sh -c '! grep -lE "[\", >]-?(nan|inf)[\", <]" page.html one.html many.html same.html single.html'

check "charts of characters" exits 0 report base.h5 policy.h5 --text
check "with the table of policies" has "95 % interval" stdout
check "and no page" test ! -e report.html
check "in plain letters where there are no others" sh -c 'LC_ALL=C COLUMNS=60 "$0" report base.h5 policy.h5 --text |
    LC_ALL=C grep -c "[^ -~]" | grep -qx 0' "$program"
check "a table that tells policies apart whose names begin alike" sh -c 'COLUMNS=80 "$0" report base.h5 policy.h5 \
    --text | grep -A 1 "^Vancouver without take-home naloxone" | grep -q "^  *[-+0-9]"' "$program"
check "as wide as the terminal" sh -c 'LC_ALL=C COLUMNS=50 "$0" report base.h5 --text | sed -n 4,17p |
    awk "length > 50 { exit 1 }"' "$program"

check "does not overwrite" exits 73 report base.h5 -o page.html
check "and leaves the page alone" cmp page.html again.html
check "nor figures" exits 73 report base.h5 policy.h5 -o other.html --figures figures
check "and writes no page then" test ! -e other.html
check "overwrites with --force" exits 0 report base.h5 policy.h5 -o page.html --figures figures --force
cp base.h5 kept.h5
check "but not what it reads" exits 73 report kept.h5 -o ./kept.h5 --force
check "and leaves it as it was" cmp base.h5 kept.h5
check "a folder that is not there" exits 73 report base.h5 -o nowhere/page.html
check "no file" exits 64 report
check "a file that is not there" exits 66 report nothing.h5 -o x.html
echo "no HDF5" >text.h5
check "a file that is no HDF5" exits 65 report text.h5 -o x.html
check "says so" says "text.h5 is not an HDF5 file"
head -c 20000 base.h5 >short.h5
check "a file cut short" exits 65 report base.h5 short.h5 -o x.html
check "says which" says "short.h5"
/usr/bin/python3 - <<'P'
import h5py, shutil
shutil.copy("base.h5", "newer.h5")
with h5py.File("newer.h5", "r+") as file: file.attrs["allostat_schema"] = file.attrs["allostat_schema"] + 1
with h5py.File("other.h5", "w") as file: file["x"] = 1
P
check "a file of a newer layout" exits 65 report newer.h5 -o x.html
check "says what to do" says "use a newer allostat"
check "HDF5 of others" exits 65 report other.h5 -o x.html
check "runs that are no pair" sh -c '"$0" run configs/vancouver.yaml --set population.scale=0.01 --set run.end=2016-12-31 \
    --replicates 2 --seed 7 --quiet --output seven.h5 >/dev/null 2>&1; "$0" report base.h5 seven.h5 -o x.html 2>stderr; test $? -eq 65' "$program"
check "nothing is left of what failed" test ! -e x.html
check "help" exits 0 report --help
finish
