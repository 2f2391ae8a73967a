#!/usr/bin/env bash
# The draws of the whole model are sound: none made twice, each purpose used, all checks passed.
# usage: tests/system/test_audit.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" audit configs/everything_open.yaml --json >"$work/audit.json"
code=$?
if [ "$code" -eq 0 ] && /usr/bin/python3 - "$work/audit.json" <<'P'; then
import json, sys
audit = json.load(open(sys.argv[1]))
assert audit["well"] and audit["drawn_twice"] == 0 and audit["checks_failed"] == 0
assert audit["draws"] > 1_000_000 and audit["checks"] > 100
# all but the draws of prices and utilities, which belong to studies of finished runs
assert {name for name, purpose in audit["purposes"].items() if purpose["draws"] == 0} == {"value_parameter"}
P
    echo "1 passed, 0 failed"
else
    echo "# exit $code"
    cat "$work/audit.json"
    echo "0 passed, 1 failed"
    exit 1
fi
