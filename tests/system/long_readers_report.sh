#!/usr/bin/env bash
# The Python and the R example of scripts/analysis draw the numbers that the page draws.
# usage: tests/system/long_readers_report.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
scripts=$PWD/scripts/analysis
config=$PWD/configs/vancouver.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
failed=0

"$program" run "$config" --set population.scale=0.02 --replicates 3 --set run.end=2018-12-31 \
    --quiet --output run.h5 >stdout || exit 1
"$program" report run.h5 -o page.html --figures figures 2>stderr || exit 1
/usr/bin/python3 "$scripts/read_run.py" run.h5 python.png python.csv || failed=1
Rscript "$scripts/read_run.R" run.h5 r.png r.csv || failed=1
[ -s python.png ] && [ -s r.png ] || failed=1
cat >same.py <<'P'
import csv, math

def figure(name):
    with open(f"figures/{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))

months = figure("deaths_by_month")
wanted = [[r["month"], r["base"], r["base low"], r["base high"]] for r in months]
wanted += [[r["month"], r["observed"]] for r in months if r["observed"]]
wanted += [[r["part"], r["base"]] for r in figure("deaths_by_area")]
assert len(wanted) > 60
for reader in ("python", "r"):
    rows = list(csv.reader(open(f"{reader}.csv", newline="", encoding="utf-8")))
    assert len(rows) == len(wanted), (reader, len(rows), len(wanted))
    for row, want in zip(rows, wanted):
        assert row[0].strip() == want[0], (reader, row, want)
        assert all(math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(row[1:], want[1:])), (reader, row, want)
P
/usr/bin/python3 same.py || failed=1
[ "$failed" -eq 0 ] && echo "1 passed, 0 failed" || echo "0 passed, 1 failed"
exit "$failed"
