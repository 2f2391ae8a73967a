#!/usr/bin/env python3
"""Deaths by overdose by month and by area, from a result file: read_run.py RUN.h5 PICTURE.png [OUT.csv]

An example to begin from: xarray opens the file in one line, with dates, names and units. The
numbers that are drawn also go to OUT.csv.
"""

import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import xarray

path, picture = sys.argv[1:3]
run = xarray.open_dataset(path, engine="h5netcdf")
parameters = xarray.open_dataset(path, engine="h5netcdf", group="parameters")

deaths = run.overdose_deaths.sum(["area", "sex", "age_group"])  # replicate, month
mean, low, high = deaths.mean("replicate"), deaths.min("replicate"), deaths.max("replicate")
seen = parameters["observed.overdose_deaths"].values * float(parameters["population.scale"])
seen_on = parameters["observed.overdose_deaths_date"].values.astype("datetime64[ns]")
drawn = (seen_on >= run.month.values[0]) & (seen_on <= run.month.values[-1])

areas = [str(name) for name in run.area_name.values]
by_area = run.overdose_deaths.sum(["month", "sex", "age_group"]).mean("replicate").values

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
left.fill_between(run.month, low, high, color="#0072b2", alpha=0.2)
left.plot(run.month, mean, color="#0072b2", linestyle="--", label="mean and range of replicates")
left.plot(seen_on[drawn], seen[drawn], "k.", label="observed")
left.set_ylabel("deaths by overdose, persons a month")
left.legend(frameon=False)
right.barh(areas, by_area, color="#0072b2")
right.invert_yaxis()
right.set_xlabel("deaths by overdose, persons")
figure.tight_layout()
figure.savefig(picture)

if len(sys.argv) > 3:
    with open(sys.argv[3], "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        dates = run.month.dt.strftime("%Y-%m-%d").values
        table.writerows([date, *map(float, row)] for date, *row in zip(dates, mean.values, low.values, high.values))
        table.writerows([str(date)[:10], value] for date, value in zip(seen_on[drawn], seen[drawn]))
        table.writerows(zip(areas, map(float, by_area)))
