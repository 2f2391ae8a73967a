#!/usr/bin/env python3
"""Make configs/vancouver/*.csv from the source data, so that every value can be traced.

Run by hand when the source data change:

    python3 scripts/data/make_vancouver_series.py SOURCE

SOURCE is the folder that holds vancouver/inputs and vancouver/targets. Each file made begins with
a line `# source: …` that says where the values come from and what was derived, and how. Values
that are only copied keep the text of the source file. Standard library only.
"""

import csv
import pathlib
import re
import sys

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "configs" / "vancouver"
OLDEST_AGE = 110
LIFE_TABLE_PERIOD = "2016-2018"
RATE_YEARS = ("2016", "2017", "2018")
RATE_AGES = ("0-18", "19-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")


def read(path):
    """The text of the comment lines and the rows of a source file, as dictionaries."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line.lstrip("# ").strip() for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return " ".join(comments), rows


def write(name, header, source, rows):
    """Write one file; `rows` are tuples in the order of `header`."""
    assert rows, name
    assert "\n" not in source and len(source) < 1000, name
    with open(OUTPUT / name, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"# source: {source}\n{header}\n")
        for row in rows:
            file.write(",".join(str(field) for field in row) + "\n")
    print(f"{name}: {len(rows)} rows")


def write_series(name, source, rows):
    dates = [date for date, _ in rows]
    assert dates == sorted(set(dates)), name
    write(name, "date,value", source, rows)


def write_schedule(name, source, rows):
    """Rows (sex, age_from, age_to, value), which must cover every age of both sexes once."""
    rows = sorted(rows, key=lambda row: (row[0], row[1]))
    for sex in ("female", "male"):
        ages = [age for s, low, high, _ in rows if s == sex for age in range(low, high + 1)]
        assert ages == list(range(OLDEST_AGE + 1)), (name, sex)
    write(name, "sex,age_from,age_to,value", source, rows)


def age_range(label):
    """"15-19" or "65+" as a pair of ages, both included."""
    if label.endswith("+"):
        return int(label[:-1]), OLDEST_AGE
    low, high = label.split("-")
    return int(low), int(high)


def number(value):
    """A derived value, to six significant digits."""
    return f"{value:.6g}"


def copy_monthly(source_path, column, name, about):
    comment, rows = read(source_path)
    write_series(name, f"{comment} {about}", [(row["month"], row[column]) for row in rows])


def make_residents(inputs):
    comment, rows = read(inputs / "population_annual.csv")
    write_series(
        "residents.csv",
        f"{comment} Persons of all ages and both sexes. Copied.",
        [(row["date"], row["population"]) for row in rows if row["sex"] == "all"],
    )


def make_age_structure(inputs):
    comment, rows = read(inputs / "population_age_sex_2016.csv")
    write_schedule(
        "age_structure.csv",
        f"{comment} Persons in each range of ages. Copied; 65+ written as 65 to {OLDEST_AGE}.",
        [(row["sex"], *age_range(row["age_group"]), row["population"]) for row in rows],
    )


def make_death_probability(inputs):
    comment, rows = read(inputs / "life_table_canada.csv")
    rows = [row for row in rows if row["period"] == LIFE_TABLE_PERIOD]
    last = str(OLDEST_AGE - 1)
    write_schedule(
        "death_probability.csv",
        f"{comment} Canada, life table {LIFE_TABLE_PERIOD}, probability of dying within a year. "
        f"Copied; the value of age {last} also stands for {OLDEST_AGE}. Overdose deaths are "
        "included here: overdose_death_rate_by_age.csv takes them out.",
        [
            (
                row["sex"],
                int(row["age_from"]),
                OLDEST_AGE if row["age_to"] == last else int(row["age_to"]),
                row["annual_death_probability"],
            )
            for row in rows
        ],
    )


def make_site_visits(inputs):
    """Overdose prevention sites plus Insite, which the indicator leaves out."""
    _, rows = read(inputs / "ops_visits_monthly.csv")
    insite = [("2012-01", 16147), ("2018-03", 10730), ("2019-07", 9954), ("2020-04", 4659)]
    alone = insite[0][1]

    def months(text):
        year, month = text.split("-")
        return int(year) * 12 + int(month)

    def insite_visits(date):
        known = insite[1:]
        if months(date) <= months(known[0][0]):
            return known[0][1]
        for (start, low), (end, high) in zip(known, known[1:]):
            if months(date) <= months(end):
                share = (months(date) - months(start)) / (months(end) - months(start))
                return low + share * (high - low)
        return known[-1][1]

    values = [("2012-01", alone), ("2016-12", alone)]
    values += [(row["month"], round(float(row["visits"]) + insite_visits(row["month"])))
               for row in rows]
    write_series(
        "site_visits.csv",
        "BCCDC Overdose Response Indicators, overdose-prevention and supervised-consumption "
        "visits, Vancouver Coastal HA, 2018-01 to 2022-05, which leave Insite out, plus Insite's "
        "own visits: 193,764 in 2012 (Canadian Government Executive 2016), 10,730 in 2018-03, "
        "9,954 in 2019-07 (VCH), 4,659 in 2020-04 (Government of BC), straight lines between, "
        "the last held. Before the order of 2016-12-08 Insite alone as in 2012; 2017 is a "
        "straight line to 2018-01 (assumption). Visits a month.",
        values,
    )
    make_site_visits_without_2020(values)


def make_site_visits_without_2020(values):
    """What the sites might have seen without the restrictions of March 2020."""
    before = [(date, visits) for date, visits in values if date < "2020-03"]
    last_year = [visits for date, visits in before if date >= "2019-03"]
    assert len(last_year) == 12
    write_series(
        "site_visits_without_2020.csv",
        "made, not observed: site_visits.csv until 2020-02, then the mean of the twelve months "
        "from 2019-03 to 2020-02 held. Visits a month.",
        before + [("2020-03", round(sum(last_year) / len(last_year)))],
    )


def make_fentanyl_share(inputs):
    _, rows = read(inputs / "supply_composition.csv")
    rows = [
        row
        for row in rows
        if row["series"] == "fentanyl share of opioid supply (police-seized opioid exhibits)"
    ]
    sources = {(row["source"], row["note"]) for row in rows}
    assert len(sources) == 1, sources
    source, note = sources.pop()
    write_series(
        "fentanyl_share.csv",
        f"{source}; {note}. British Columbia, not Vancouver; share (0 to 1) of police-seized "
        "opioid exhibits in the year. Copied; each year's value is dated at its middle, 1 July.",
        [(f"{row['period']}-07-01", row["value"]) for row in rows],
    )


def make_benzodiazepine_share(inputs):
    _, supply = read(inputs / "supply_composition.csv")
    _, events = read(inputs / "policy_events.csv")
    event = next(row for row in events if "benzodiazepines in" in row["event"])
    first, second = re.findall(r"(\d+)%", event["event"])
    values = {"2019-06": 0.0, event["date"]: int(first) / 100, "2022-01": int(second) / 100}
    wanted = (
        ("2021-05", "British Columbia"),
        ("2023-01", "Victoria/Vancouver Island"),
        ("2023-09", "Victoria/Vancouver Island"),
        ("2023-12", "Victoria/Vancouver Island"),
    )
    for row in supply:
        place = (row["period"], row["geography"])
        if place in wanted and row["series"].startswith("benzodiazepine in opioid"):
            values[row["period"]] = float(row["value"]) / 100
    assert len(values) == len(wanted) + 3
    write_series(
        "benzodiazepine_share.csv",
        "Share (0 to 1) of opioid supply with a benzodiazepine, pieced together from other places "
        "and kinds of sample; none is Vancouver's own supply. 2019-06: 0, an assumption. 2020-07 "
        "and 2022-01: share of expedited toxicology tests, British Columbia "
        f"({event['address']}). 2021-05: opioid samples in drug checking, British "
        "Columbia (BCCSU and UVic Substance, about 563 samples). 2023-01, 2023-09, 2023-12: opioid "
        "samples in drug checking, Victoria and Vancouver Island (UVic Substance, 330, 374 and 334 "
        "samples). Per cent turned into shares.",
        [(date, number(value)) for date, value in sorted(values.items())],
    )


def sex_ratios(rows):
    """Mean rate of each sex over the mean rate of both. The file has no rate of both sexes and all
    ages: it follows from deaths, with persons = deaths / rate."""
    mean = {"female": 0.0, "male": 0.0, "both": 0.0}
    for year in RATE_YEARS:
        deaths = {s: pick(rows, year, s, "all", "deaths") for s in ("female", "male")}
        rate = {s: pick(rows, year, s, "all", "death rate") for s in ("female", "male")}
        persons = sum(deaths[s] / rate[s] for s in deaths)
        rate["both"] = sum(deaths.values()) / persons
        for key in mean:
            mean[key] += rate[key] / len(RATE_YEARS)
    return {sex: mean[sex] / mean["both"] for sex in ("female", "male")}


def pick(rows, year, sex, age_group, series):
    """One value of deaths_by_sex_and_age.csv for British Columbia."""
    found = [
        float(row["value"])
        for row in rows
        if (row["year"], row["geography"], row["sex"], row["age_group"], row["series"])
        == (year, "British Columbia", sex, age_group, series)
    ]
    assert len(found) == 1, (year, sex, age_group, series)
    return found[0]


def rate_of_age(rows, age_group):
    """Mean over the years, deaths per 100,000 persons a year; 80+ has no deaths and no rate."""
    if age_group == "80+":
        assert all(pick(rows, year, "both", age_group, "deaths") == 0 for year in RATE_YEARS)
        return 0.0
    rates = [pick(rows, year, "both", age_group, "death rate") for year in RATE_YEARS]
    return sum(rates) / len(rates)


def make_overdose_death_rate(targets):
    comment, rows = read(targets / "deaths_by_sex_and_age.csv")
    ratio = sex_ratios(rows)
    write_schedule(
        "overdose_death_rate_by_age.csv",
        comment.split(" Geography:")[0]
        + " British Columbia, overdose deaths per person-year. Derived: mean rate of 2016, 2017 "
        "and 2018 of the range of ages (both sexes, per 100,000) / 100,000 x (mean rate of the sex "
        "/ mean rate of both sexes, all ages, same years): "
        f"female {ratio['female']:.4f}, male {ratio['male']:.4f}. The rate of both sexes is deaths "
        "/ persons, persons = deaths of a sex / rate of the sex, summed. One ratio for all ages "
        "is an assumption: no file has both. 80 and over: no deaths in these years.",
        [
            (sex, *age_range(group), number(rate_of_age(rows, group) / 1e5 * ratio[sex]))
            for sex in ("female", "male")
            for group in RATE_AGES
        ],
    )


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[1]) / "vancouver"
    inputs, targets = source / "inputs", source / "targets"
    OUTPUT.mkdir(parents=True, exist_ok=True)
    make_residents(inputs)
    make_age_structure(inputs)
    make_death_probability(inputs)
    copy_monthly(inputs / "thn_kits_shipped_monthly.csv", "kits", "kits_shipped.csv",
                 "Kits a month, Vancouver. Copied.")
    copy_monthly(inputs / "oat_clients_monthly.csv", "clients", "oat_clients.csv",
                 "Persons, Vancouver. Copied.")
    make_site_visits(inputs)
    make_fentanyl_share(inputs)
    make_benzodiazepine_share(inputs)
    make_overdose_death_rate(targets)
    copy_monthly(targets / "deaths_monthly.csv", "deaths", "observed_overdose_deaths.csv",
                 "Deaths a month. Copied.")
    copy_monthly(targets / "ems_overdoses_monthly.csv", "attended_overdoses",
                 "observed_attended_overdoses.csv", "Overdoses a month, Vancouver. Copied.")


if __name__ == "__main__":
    main()
