#!/usr/bin/env python3
"""How long a turn may be: each series with residents living some months at once, against one month.

    clock.py PROGRAM CONFIG SCALE REPLICATES OUTPUT.md

Differences are paired by replicate over 2015 to 2021, in percent of the run whose residents live by
the month; the interval is the mean plus and minus 1.96 standard errors.
"""

import pathlib
import subprocess
import sys
import tempfile

import xarray

STEPS = (2, 3, 6, 12)

RESIDENTS = (
    "residents", "departures", "deaths_other_causes", "support_tie_ends", "isolated_residents",
    "residents_with_peers", "people_with_ptsd", "residents_with_violence", "people_with_chronic_pain",
    "prescriptions", "people_prescribed", "people_unstable", "people_homeless",
    "people_on_assistance",
)
USERS = (
    "first_uses", "first_uses_after_prescription", "users", "active_users", "active_users_with_ptsd",
    "users_homeless", "lapses", "mean_stress", "mean_ptsd_severity", "mean_connection",
    "using_tie_ends", "people_in_methadone", "overdoses", "overdose_deaths",
)


def run(command, path, step):
    subprocess.run([*command, "--set", f"population.resident_step={step}", "--output", str(path),
                    "--force", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    data = xarray.open_dataset(path, engine="h5netcdf").load()
    path.unlink()
    window = data.sel(month=slice("2015-01-01", "2021-12-01"))
    return {name: window[name].sum([dim for dim in window[name].dims if dim != "replicate"]).values
            for name in RESIDENTS + USERS}


def cell(monthly, coarse):
    difference = (coarse - monthly) / monthly.mean() * 100
    margin = 1.96 * difference.std(ddof=1) / len(difference) ** 0.5
    return f"{difference.mean():+.1f} (±{margin:.1f})"


def main():
    program, config, scale, replicates, output = sys.argv[1:]
    command = [program, "run", config, "--set", f"population.scale={scale}", "--replicates",
               replicates, "--set", "run.end=2021-12-31"]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "run.h5"
        monthly = run(command, path, 1)
        coarse = {step: run(command, path, step) for step in STEPS}
    rows = ["| % of the monthly run | " + " | ".join(f"{step} months" for step in STEPS) + " |",
            "|---" * (len(STEPS) + 1) + "|"]
    for name in RESIDENTS + USERS:
        rows.append(f"| `{name}` | " + " | ".join(
            cell(monthly[name], coarse[step][name]) for step in STEPS) + " |")
    page = pathlib.Path(output)
    head, rest = page.read_text(encoding="utf-8").split("<!-- table -->")
    page.write_text(head + "<!-- table -->\n" + "\n".join(rows) + "\n<!-- end -->" +
                    rest.split("<!-- end -->")[1], encoding="utf-8")


if __name__ == "__main__":
    main()
