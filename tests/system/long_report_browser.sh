#!/usr/bin/env bash
# The page of `allostat report` in a real browser: phone, laptop and A4; light and dark; legend, zoom,
# read-out; nothing on the console, nothing from the network, no text cut or upon another.
# usage: tests/system/long_report_browser.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
tests=$PWD/tests/system
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R configs "$work/configs"
cd "$work" || exit 2
small=(--set population.scale=0.02 --set run.end=2019-12-31 --replicates 3 --quiet)
name='<script>alert("1")</script> & a policy with a name so long that no line and no picture holds it, Zürich שלום'

run() { "$program" run "$@" "${small[@]}" >stdout 2>stderr || { cat stderr; exit 1; }; }
run configs/vancouver.yaml --output base.h5
run configs/scenarios/no_naloxone.yaml --output policy.h5
run configs/vancouver.yaml --set naloxone.handed_out_share=0.6 --set "run.name=$name" --output kits.h5
run configs/vancouver.yaml --set run.name="$(printf 'x%.0s' $(seq 200))" --output same.h5
"$program" report base.h5 policy.h5 -o one.html 2>stderr || exit 1
"$program" report base.h5 policy.h5 kits.h5 same.h5 -o many.html 2>stderr || exit 1
/usr/bin/python3 "$tests/browse_page.py" base.h5 one.html many.html
