#!/usr/bin/env python3
"""Draw a run of Vancouver beside what was observed, month by month.

    python3 scripts/analysis/plot_vancouver.py [RESULT [PICTURE]]

RESULT is a file of `allostat run` (out/vancouver.h5), PICTURE an SVG, PNG or PDF
(docs/vancouver.svg). An equal RESULT gives an equal picture. Needs the Debian packages
python3-xarray, python3-h5netcdf and python3-matplotlib.
"""

import sys

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams.update({
    "svg.hashsalt": "allostat",  # else the names inside an SVG are drawn by chance
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
})

import matplotlib.pyplot as plt
import xarray

SIMULATED, OBSERVED = "#0072B2", "#D55E00"  # Okabe and Ito: told apart by colour-blind readers
PANELS = [  # series, title, unit, observed by
    ("overdose_deaths", "Deaths by overdose", "persons a month", "BC Coroners Service"),
    ("attended_overdoses", "Overdoses attended by an ambulance", "events a month",
     "BC Centre for Disease Control"),
    ("oat_clients", "In opioid agonist treatment, an input", "persons",
     "BC Centre for Disease Control"),
]


def read(path):
    """The series, summed over the city (replicate, month), and the parameters of the run."""
    with xarray.open_dataset(path, engine="h5netcdf") as file:
        series = file[[name for name, *_ in PANELS]].load()
    with xarray.open_dataset(path, engine="h5netcdf", group="parameters") as file:
        parameters = file.load()
    return series.sum(["area", "sex", "age_group"]), parameters


def observed(parameters, name, months):
    """Dates and values of an observed series within the months of the run."""
    date = f"observed.{name}_date"
    values = parameters[f"observed.{name}"].sel({date: slice(months[0], months[-1])})
    return values[date].values, values.values


def draw_panel(axes, months, simulated, points, panel):
    _, title, unit, source = panel
    axes.fill_between(months, simulated.min("replicate"), simulated.max("replicate"),
                      color=SIMULATED, alpha=0.3, linewidth=0,
                      label=f"simulated: range of {simulated.sizes['replicate']} replicates")
    axes.plot(months, simulated.mean("replicate"), color=SIMULATED, linewidth=1.3,
              label="simulated: mean")
    axes.plot(*points, linestyle="none", marker="o", markersize=3, markeredgewidth=0.8,
              markerfacecolor="none", markeredgecolor=OBSERVED, zorder=1.5, label="observed")
    axes.set_title(f"{title} (observed: {source})", loc="left", fontsize=9, fontweight="bold")
    axes.set_ylabel(unit)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)


def draw(series, parameters):
    figure, rows = plt.subplots(len(PANELS), 1, figsize=(7.5, 7), sharex=True,
                                height_ratios=[3, 3, 2], layout="constrained")
    months = series["month"].values
    for axes, panel in zip(rows, PANELS):
        draw_panel(axes, months, series[panel[0]], observed(parameters, panel[0], months), panel)
    rows[0].legend(loc="upper left", framealpha=1, edgecolor="none", ncols=3, fontsize=8)
    rows[0].set_ylim(top=1.2 * rows[0].get_ylim()[1])  # room for the legend
    rows[-1].set_xlabel("month")
    figure.align_ylabels(rows)
    return figure


def main(result="out/vancouver.h5", picture="docs/vancouver.svg"):
    figure = draw(*read(result))
    figure.savefig(picture, dpi=150, metadata={"Date": None} if picture.endswith(".svg") else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
