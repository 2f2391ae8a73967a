#!/usr/bin/env python3
"""Each mechanism off, on common draws: what it does to deaths, users and opioid use disorder.

    ablation.py PROGRAM CONFIG SCALE REPLICATES OUTPUT.md

Differences are paired by replicate over 2015 to 2021, as a share of the run with every mechanism
on; the interval is the mean plus and minus 1.96 standard errors.
"""

import csv
import pathlib
import subprocess
import sys
import tempfile

import xarray

OUTCOMES = {
    "overdose deaths": ("overdose_deaths",),
    "users": ("users",),
    "active users": ("active_users",),
    "people with OUD": ("people_with_oud_mild", "people_with_oud_moderate",
                        "people_with_oud_severe"),
}


def switches(program):
    """Every switch of the registry's group of mechanisms, in its order."""
    text = subprocess.run([program, "params", "--format", "csv", "--group", "mechanisms"],
                          check=True, capture_output=True, text=True).stdout
    return [row["path"] for row in csv.DictReader(text.splitlines())]


def run(command, path, off):
    extra = ["--set", f"{off}=off"] if off else []
    subprocess.run([*command, *extra, "--output", str(path), "--force", "--quiet"], check=True,
                   stdout=subprocess.DEVNULL)
    data = xarray.open_dataset(path, engine="h5netcdf").load()
    path.unlink()
    return {
        name: sum(data[series].sel(month=slice("2015-01-01", "2021-12-01"))
                  .sum(["month", "area", "sex", "age_group"]).values for series in names)
        for name, names in OUTCOMES.items()
    }


def cell(on, off):
    difference = (off - on) / on.mean() * 100
    margin = 1.96 * difference.std(ddof=1) / len(difference) ** 0.5
    return (f"{difference.mean():+.1f} % ({difference.mean() - margin:+.1f} to "
            f"{difference.mean() + margin:+.1f})")


def main():
    program, config, scale, replicates, output = sys.argv[1:]
    command = [program, "run", config, "--set", f"population.scale={scale}", "--replicates",
               replicates, "--set", "run.end=2021-12-31"]
    rows = ["| switched off | " + " | ".join(OUTCOMES) + " |", "|---" * (len(OUTCOMES) + 1) + "|"]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "run.h5"
        base = run(command, path, None)
        for switch in switches(program):
            without = run(command, path, switch)
            rows.append(f"| `{switch}` | " + " | ".join(
                cell(base[name], without[name]) for name in OUTCOMES) + " |")
            print(rows[-1], flush=True)
    page = pathlib.Path(output)
    text = page.read_text(encoding="utf-8") if page.exists() else "<!-- table -->\n<!-- end -->\n"
    head, rest = text.split("<!-- table -->")
    page.write_text(head + "<!-- table -->\n" + "\n".join(rows) + "\n<!-- end -->" +
                    rest.split("<!-- end -->")[1], encoding="utf-8")


if __name__ == "__main__":
    main()
