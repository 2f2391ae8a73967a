#!/usr/bin/env bash
# The whole city of configs/vancouver.yaml is near what was observed, within wide bounds: a change
# that breaks the base city is seen here, the fit itself is the business of calibration.
# usage: tests/system/test_vancouver.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" run configs/vancouver.yaml --replicates 2 --set run.end=2021-12-31 --quiet \
    --output "$work/run.h5" >"$work/stdout" || exit 1
/usr/bin/python3 - "$work/run.h5" <<'P'
import sys

import xarray

CITY = ["area", "sex", "age_group"]
passed = failed = 0


def check(name, value, low, high):
    """One line of the report: is the value within its bounds?"""
    global passed, failed
    good = low <= value <= high
    passed, failed = passed + good, failed + (not good)
    print(f"{'ok' if good else 'not ok'} {passed + failed} - {name}: {value:.3f} in [{low:g}, {high:g}]")


def observed(parameters, name, how):
    """Sum or mean by year of an observed series."""
    values = parameters[f"observed.{name}"].rename({f"observed.{name}_date": "month"})
    return getattr(values.groupby("month.year"), how)()


run = xarray.open_dataset(sys.argv[1], engine="h5netcdf")
parameters = xarray.open_dataset(sys.argv[1], engine="h5netcdf", group="parameters")
deaths = run["overdose_deaths"].mean("replicate")
by_year = deaths.sum(CITY).groupby("month.year").sum()
clients = run["oat_clients"].mean("replicate").sum(CITY).groupby("month.year").mean()

observed_deaths = observed(parameters, "overdose_deaths", "sum")
for year in (2015, 2016, 2017, 2018, 2021):
    check(f"deaths of {year} as a share of the observed",
          float(by_year.sel(year=year) / observed_deaths.sel(year=year)), 0.65, 1.35)
observed_clients = observed(parameters, "oat_clients", "mean")
for year in range(2015, 2022):
    check(f"people in treatment in {year} as a share of the observed",
          float(clients.sel(year=year) / observed_clients.sel(year=year)), 0.9, 1.1)
check("share of the Downtown Eastside among the dead",
      float(deaths.sel(area=0).sum() / deaths.sum()), 0.45, 0.65)
check("share of men among the dead", float(deaths.sel(sex=1).sum() / deaths.sum()), 0.70, 0.85)
check("residents of 2016 in thousands",
      float(run["residents"].sel(month="2016-07-01").mean("replicate").sum()) / 1000, 570, 640)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
P
