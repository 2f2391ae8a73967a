#!/usr/bin/env python3
"""What must emerge and is never put in: expected range, result with its interval, inside or not.

    emergent.py RUN.h5 RELAPSE.log OUTPUT.md

RUN.h5 is a run of Vancouver with at least two replicates; RELAPSE.log is what the test of relapse
printed. Ranges are those of section 8 of the model page and of the evidence it names, for 2015 to
2018. The interval is the mean over replicates plus and minus 1.96 standard errors.
"""

import pathlib
import re
import sys

import numpy
import xarray

YEARS = slice("2015-01-01", "2018-12-01")


def by_replicate(series, **where):
    """Sum over everything but replicates, in the years of the table."""
    chosen = series.sel(month=YEARS).isel(**where)
    return chosen.sum([dim for dim in chosen.dims if dim != "replicate"]).values.astype(float)


def retention(data, drug):
    """Episodes that reached a year in 2016 to 2018 over those begun a year before."""
    reached = data[f"{drug}_years_reached"].sel(month=slice("2016-01-01", "2018-12-01"))
    starts = data[f"{drug}_starts"].sel(month=slice("2015-01-01", "2017-12-01"))
    return reached.sum("month").values / starts.sum("month").values


def in_year(series, year):
    chosen = series.sel(month=str(year))
    return chosen.sum([dim for dim in chosen.dims if dim != "replicate"]).values.astype(float)


def oat_ratio(data, total):
    """Rate of death by overdose off treatment against on it."""
    on = total(data.overdose_deaths_on_oat) / total(data.oat_days)
    off = (total(data.overdose_deaths) - total(data.overdose_deaths_on_oat)) / total(
        data.off_oat_days
    )
    return off / on


def excess_after_release(data):
    early = by_replicate(data.overdose_deaths_early) / by_replicate(data.release_days_early)
    later = by_replicate(data.overdose_deaths_later) / by_replicate(data.release_days_later)
    return early / later


def ace_mean(data, who, count):
    return by_replicate(data[f"{who}_ace_sum"]) / by_replicate(count)


def clustering(data):
    """People who would have overdosed had overdoses fallen by chance, over those who did."""
    years = data.sel(year=slice(2015, 2018))
    people = years.people_ever_active.values.astype(float)
    chance = people * (1 - numpy.exp(-years.overdoses_of_year.values / people))
    return (chance / years.people_with_overdose.values).mean(axis=1)


def again(data):
    """People with two overdoses or more in a year, of those with one."""
    years = data.sel(year=slice(2016, 2018))
    return years.people_with_repeat_overdose.values.sum(axis=1) / (
        years.people_with_overdose.values.sum(axis=1)
    )


def relapse(log):
    """Share relapsed after a stop, by day, as the test printed it."""
    text = pathlib.Path(log).read_text(encoding="utf-8")
    found = {int(day): float(share) for share, day in
             re.findall(r"(0\.\d+) relapsed after (\d+) days", text)}
    return [numpy.array([found[day]]) for day in (7, 30, 900)]


def lines(data, log):
    """(claim, low, high, value by replicate, source), one a line of the model page."""
    deaths = by_replicate(data.overdose_deaths)
    active = data.active_users
    ratio_early = oat_ratio(data, lambda series: in_year(series, 2015) + in_year(series, 2016))
    ratio_late = oat_ratio(data, lambda series: in_year(series, 2017) + in_year(series, 2018))
    week, month, last = relapse(log)
    return [
        ("ACE mean, active users", 3.4, 3.9, ace_mean(data, "active_users", active), "[ace_mean_oud]"),
        ("ACE mean, residents", 1.5, 1.9, ace_mean(data, "residents", data.residents), "[ace_bb_a]"),
        ("PTSD among active users", 0.25, 0.45,
         by_replicate(data.active_users_with_ptsd) / by_replicate(active), "[ptsd_cur_oud]"),
        ("death in days 1-14 after release against days 15-365", 2.0, 8.0,
         excess_after_release(data), "[prison_2wk_rate] 3.5"),
        ("deaths off against on OAT, 2015-2018", 2.0, 4.0,
         oat_ratio(data, by_replicate), "Pearce 2020: 2.1 to 3.4"),
        ("the same, 2017-18 over 2015-16: it rises", 1.0, 2.0, ratio_late / ratio_early,
         "Pearce 2020"),
        ("12-month retention, methadone", 0.25, 0.40,
         retention(data, "methadone"), "OPTIMA 0.334, [ret_meth]"),
        ("12-month retention, buprenorphine", 0.12, 0.25,
         retention(data, "buprenorphine"), "OPTIMA 0.159, [ret_bup]"),
        ("relapse 7 days after a stop", 0.54, 0.64, week, "[relapse_k] 0.59"),
        ("relapse 30 days after a stop", 0.66, 0.76, month, "[relapse_k] 0.71"),
        ("relapse 900 days after a stop", 0.86, 0.96, last, "[relapse_k] 0.91"),
        ("share of the dead who were alone", 0.60, 0.75,
         by_replicate(data.overdose_deaths_alone) / deaths, "[p_alone_dead] 0.67"),
        ("share of deaths in the Downtown Eastside", 0.50, 0.60,
         by_replicate(data.overdose_deaths, area=0) / deaths, "BC Coroners"),
        ("share of the dead who were men", 0.74, 0.82,
         by_replicate(data.overdose_deaths, sex=1) / deaths, "BC Coroners 0.78"),
        ("deaths per attended overdose", 0.07, 0.10,
         deaths / by_replicate(data.attended_overdoses), "1 in 12"),
        ("clustering of overdoses in people", 1.05, 2.0, clustering(data),
         "range assumed: more than by chance"),
        ("share of them with another overdose in the year, 2016-18", 0.13, 0.25,
         again(data), "BCCDC 2017: 0.20 of men, 0.15 of women"),
    ]


def table(rows):
    yield "| what emerges | expected | result | inside | source of the range |"
    yield "|---|---|---|---|---|"
    for claim, low, high, value, source in rows:
        mean = value.mean()
        margin = 1.96 * value.std(ddof=1) / len(value) ** 0.5 if len(value) > 1 else 0.0
        inside = "yes" if low <= mean <= high else "NO"
        yield (f"| {claim} | {low:g} to {high:g} | {mean:.3g} "
               f"({mean - margin:.3g} to {mean + margin:.3g}) | {inside} | {source} |")


def main():
    run, log, output = sys.argv[1:]
    data = xarray.open_dataset(run, engine="h5netcdf")
    rows = list(table(lines(data, log)))
    page = pathlib.Path(output)
    text = page.read_text(encoding="utf-8") if page.exists() else "<!-- table -->\n<!-- end -->\n"
    head, rest = text.split("<!-- table -->")
    tail = rest.split("<!-- end -->")[1]
    page.write_text(head + "<!-- table -->\n" + "\n".join(rows) + "\n<!-- end -->" + tail,
                    encoding="utf-8")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
