#!/usr/bin/env python3
"""Are the numbers of figures those of the result files? check_figures.py BASE.h5 POLICY.h5 DIR"""

import csv
import sys

import numpy
import xarray

base, policy = (xarray.open_dataset(path, engine="h5netcdf") for path in sys.argv[1:3])


def table(name):
    with open(f"{sys.argv[3]}/{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def column(rows, name):
    return numpy.array([float(row[name]) for row in rows])


def by_month(run, name):
    return run[name].sum(["area", "sex", "age_group"]).transpose("replicate", "month").values


def same(drawn, wanted, what):
    assert numpy.allclose(drawn, wanted, rtol=1e-12, atol=1e-9), what


for name, series in (("deaths_by_month", "overdose_deaths"), ("attended_by_month", "attended_overdoses"),
                     ("active_users_by_month", "active_users")):
    rows = table(name)
    for run, label in ((base, "base"), (policy, "policy")):
        values = by_month(run, series)
        same(column(rows, label), values.mean(0), name)
        same(column(rows, f"{label} low"), values.min(0), name)
        same(column(rows, f"{label} high"), values.max(0), name)
        same(column(rows, f"{label} low half"), numpy.quantile(values, 0.25, axis=0), name)
difference = by_month(base, "overdose_deaths") - by_month(policy, "overdose_deaths")
same(column(table("averted_by_month"), "averted"), difference.cumsum(1).mean(0), "averted")
areas = base.overdose_deaths.sum(["month", "sex", "age_group"]).mean("replicate").values
same(column(table("deaths_by_area"), "base"), areas, "areas")
same(column(table("map_of_areas"), "base"), areas, "map")
places = base.overdose_deaths_by_place.sum("month").values
shares = (places / places.sum(1, keepdims=True)).mean(0)
same(column(table("who_dies_place")[2:], "base"), shares, "places")
ages = base.overdose_deaths.sum(["month", "sex", "area"]).mean("replicate").values
same(column(table("deaths_by_age"), "base"), ages, "ages")
same(column(table("stress_by_month"), "policy"), policy.mean_stress.mean("replicate").values, "stress")
