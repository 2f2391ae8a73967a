#!/usr/bin/env bash
# `allostat compare`: the answer, its tables, JSON and HDF5; the same numbers from result files as from
# configurations; combinations; and the mistakes of every day.
# usage: tests/system/test_compare.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
python=/usr/bin/python3
cd "$work" || exit 2
base=configs/vancouver.yaml
policy=configs/scenarios/no_naloxone.yaml
small=(--set population.scale=0.01 --set run.output_start=2013-01-01 --set run.end=2015-12-31 --replicates 3
    --quiet)
exits() { # exits CODE ARGUMENT...: compare ends with this code
    wanted=$1
    shift
    "$program" compare "$@" >stdout 2>stderr
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "# exit $code, not $wanted: $*"; return 1; }
}
shows() { grep -qE -- "$1" stdout; }
refused() { # refused CODE TEXT ARGUMENT...: ends with CODE, TEXT on stderr, nothing on stdout
    text=$2
    exits "$1" "${@:3}" && grep -qF -- "$text" stderr && [ ! -s stdout ]
}
finds() { # finds CODE: Python finds it so; d is the JSON, p its first policy
    "$python" -c "
import json
d = json.load(open('stdout'))
p = d['policies'][0]
$1" 2>stderr
}
overlay() { # overlay NAME LINE...: a configuration that extends the base
    { echo "extends: vancouver.yaml"; printf '%s\n' "${@:2}"; } >"configs/$1.yaml"
}

# --- the answer
check "a policy is compared" exits 0 "$base" "$policy" "${small[@]}"
check "the answer comes first, as a sentence" \
    eval 'head -1 stdout | grep -qE "Vancouver without take-home naloxone.*Vancouver.*from 2013 to 2015.*3 paired replicates"'
check "a table of outcomes" shows '^overdoses attended +[0-9,]+ +[0-9,]+ +[+-]?[0-9.,]+ +[+-][0-9.]+ to '
check "by area unless told otherwise" shows '^by area '
check "and by nothing else" eval '! shows "^by sex "'
check "what became of people" shows '^saved: .* [0-9.]+  [0-9]+ to [0-9]+$'
check "what it changes, with its place" \
    shows '^naloxone.handed_out_share: 0.3 -> 0 from 2012-01-01 \(configs/scenarios/no_naloxone.yaml:[0-9]+\)$'
check "what it is worth" shows '^The policy (gains|loses) .* QALYs'
check "nothing on stderr when quiet" [ ! -s stderr ]
check "tables by every dimension" exits 0 "$base" "$policy" "${small[@]}" --by all
check "with the labels of each" \
    eval 'for row in women 30-39 fearful "with PTSD" "4 ACE or more"; do shows "^$row " || exit 1; done'
check "no tables at all" eval 'exits 0 "$base" "$policy" "${small[@]}" --by none && ! shows "^by "'

# --- a policy that is the base
check "a base against itself" exits 0 "$base" "$base" "${small[@]}" --json
check "has no difference in words" finds 'assert "There is no difference" in p["sentence"], p["sentence"]'
check "nor in any number" finds '
cells = [p["outcomes"]] + [part["outcomes"] for part in p["parts"]]
for cell in cells:
    for name, outcome in cell.items():
        assert not any(outcome["difference"].values()), (name, outcome)
        assert outcome["base"] == outcome["policy"]
assert not any(month["mean"] for month in p["deaths_averted_by_month"])
assert not any(p["ledger"][row]["high"] for row in p["ledger"] if row != "same")
assert p["ledger"]["same"]["mean"] == p["outcomes"]["overdose_deaths"]["base"]["mean"] > 0
assert p["changes"] == [] and p["value"]["verdict_payer"] == "no difference"'

# --- result files
run() { "$program" run "$@" "${small[@]}" >/dev/null 2>stderr; }
check "both are run into files" \
    eval 'run "$base" --output base.h5 && run "$policy" --output policy.h5'
check "configurations give JSON" exits 0 "$base" "$policy" "${small[@]}" --json --output new.h5
cp stdout configurations.json
check "files give JSON" exits 0 base.h5 policy.h5 --json --output new2.h5
cp stdout files.json
check "a file and a configuration give JSON" exits 0 base.h5 "$policy" "${small[@]}" --json
check "the numbers are the same from all of them" finds '
for other in ("configurations.json", "files.json"):
    o = json.load(open(other))["policies"][0]
    for key in ("sentence", "outcomes", "parts", "deaths_averted_by_month", "ledger", "value"):
        assert o[key] == p[key], (other, key)
    assert [(c["parameter"], c["base"], c["policy"]) for c in o["changes"]] == \
           [("naloxone.handed_out_share", "0.3", "0")]'
check "differences are those of the series" finds '
import h5py
deaths = lambda name: h5py.File(name)["attended_overdoses"][...].sum(axis=(1, 2, 3, 4))
difference = (deaths("policy.h5") - deaths("base.h5"))
assert difference.mean() == p["outcomes"]["attended_overdoses"]["difference"]["mean"]
error = difference.std(ddof=1) / 3 ** 0.5
assert abs(error - p["outcomes"]["attended_overdoses"]["difference"]["standard_error"]) < 1e-9'
check "xarray opens the file, every warning an error" finds '
import warnings
warnings.simplefilter("error")
import xarray
for name in ("new.h5", "new2.h5"):
    with xarray.open_dataset(name, group="policy_1", engine="h5netcdf") as data:
        data.load()
        assert data["overdose_deaths_difference"].dims == ("part",)
        assert float(data["overdose_deaths_difference"][0]) == p["outcomes"]["overdose_deaths"]["difference"]["mean"]
        assert str(data["part_name"].values[1]) == "Downtown Eastside"
        assert len(data["month"]) == 36 and str(data["month"].values[0])[:10] == "2013-01-01"
        assert data.sizes["replicate"] == 3
    with xarray.open_dataset(name, group="policy_1/provenance", engine="h5netcdf") as data:
        assert "handed_out_share" in str(data["configuration"].values)'
check "the same comparison gives the same bytes" \
    eval 'exits 0 base.h5 policy.h5 --output again.h5 --quiet && cmp new2.h5 again.h5'
check "a window of months" exits 0 base.h5 policy.h5 --json --from 2015-03 --to 2015-04
check "counts its months only" finds '
assert (p["first_month"], p["last_month"]) == ("2015-03", "2015-04")
assert len(p["deaths_averted_by_month"]) == 2'
check "threads change nothing" eval 'exits 0 "$base" "$policy" "${small[@]}" --json --threads 1 &&
    cmp -s stdout configurations.json'

# --- combinations
overlay detox "run: {name: More detox}" "detox: {beds: 300}"
overlay kits "run: {name: All kits}" "naloxone: {handed_out_share: 0.9}"
check "parts are combined" exits 0 "$base" configs/detox.yaml configs/kits.yaml --combine "${small[@]}" --json \
    --output combined.h5
check "alone, together, and shares that add up" finds '
assert [policy["name"] for policy in d["policies"]] == ["More detox", "All kits", "More detox + All kits"]
for name, outcome in d["combination"].items():
    share = sum(part["share"]["mean"] for part in outcome["parts"])
    assert abs(share - outcome["together"]["mean"]) <= 1e-9 * max(1, abs(share)), name
    alone = sum(part["alone"]["mean"] for part in outcome["parts"])
    assert abs(outcome["together"]["mean"] - alone - outcome["interaction"]["mean"]) <= 1e-9 * max(1, abs(alone))
    for i, part in enumerate(outcome["parts"]):
        assert part["alone"]["mean"] == d["policies"][i]["outcomes"][name]["difference"]["mean"]
import xarray
with xarray.open_dataset("combined.h5", group="combination", engine="h5netcdf") as data:
    assert str(data["part_name"].values[1]) == "All kits"'
check "parts that take each other back are told with both places" refused 65 \
    "configs/kits.yaml:3: error: 'naloxone.handed_out_share' is set to 0.9 here and to 0 by configs/scenarios" \
    "$base" configs/kits.yaml "$policy" --combine --quiet

# --- mistakes of every day
check "nothing to compare" refused 64 "which base, and which policies?"
check "a base alone" refused 64 "which policies, against" "$base"
check "a misspelt option" refused 64 "did you mean '--threads'?" "$base" "$policy" --thraeds 2
check "an option that takes no value" refused 64 "'--json' takes no value" "$base" "$policy" --json=3
check "an unknown dimension" refused 64 "--by takes area, sex" "$base" "$policy" --by colour
check "a width of nothing" refused 64 "--width needs a number of persons" "$base" "$policy" --width 0
check "a month that is none" refused 64 "--from needs a month" "$base" "$policy" --from 2015-13
check "a window the wrong way round" refused 64 "--from is after --to" "$base" "$policy" --from 2016 --to 2015
check "a misspelt configuration" refused 66 "configs/no.yaml" "$base" configs/no.yaml
check "a result file that is not there" refused 66 "none.h5" none.h5 "$policy"
echo "no HDF5" >text.h5
check "a file that is none of ours" refused 65 "text.h5 is not an HDF5 file" "$base" text.h5
check "another seed" eval 'overlay seed "run: {seed: 7}" &&
    refused 65 "run.seed is 1 in the base and 7 in the policy" "$base" configs/seed.yaml'
check "another scale" refused 65 "population.scale is 0.01 in the base and 1 in the policy" base.h5 "$policy"
check "a window outside the output" refused 65 "no month to compare" base.h5 policy.h5 --from 2019
check "settings that nothing takes" refused 64 "result files are not run again" base.h5 policy.h5 --seed 3
check "one part to combine" refused 64 "--combine takes 2 to 4" "$base" "$policy" --combine
check "a result file to combine" refused 64 "'policy.h5' is a result file" "$base" policy.h5 "$policy" --combine
check "a file that is there" refused 73 "new.h5" base.h5 policy.h5 --output new.h5
check "a file of compare is no run" refused 65 "holds the tables of 'allostat compare'" base.h5 new.h5
cp policy.h5 kept.h5
check "a file that is compared, by another name" refused 73 "is what this command reads" \
    base.h5 policy.h5 --output ./policy.h5 --force
check "is left as it was" cmp policy.h5 kept.h5
check "help, with an example" eval '"$program" help compare >stdout && shows "^example: allostat compare "'

finish
