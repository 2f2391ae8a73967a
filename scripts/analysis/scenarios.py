#!/usr/bin/env python3
"""Every scenario of configs/scenarios against the base city, on common draws: docs/scenarios.md.

    scenarios.py PROGRAM REPLICATES FOLDER NOTES OUTPUT.md [OPTION OF run]...

Scenarios that differ from the base from a later day on go on from its saved city; the others are
run from the start. Result files stay in FOLDER, so that pages and figures can be made of them.
"""

import json
import pathlib
import re
import subprocess
import sys

BASE = pathlib.Path("configs/vancouver.yaml")
END = "2021-12-31"
BRANCH = "2015-01-01"
WINDOW = ("2016-01", "2021-12")
RESPONSE_WINDOW = ("2016-01", "2017-12")  # that of published estimates
EX_DATA = 65  # exit code: the past is another, so the saved city does not serve


def simulate(program, config, output, replicates, extra):
    command = [program, "run", str(config), "--replicates", replicates, "--set",
               f"run.end={END}", "--output", str(output), "--force", "--quiet", *extra]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          check=False)


def run_all(program, replicates, folder, scenarios, options):
    """Result files by name; what is already in the folder is not made again."""
    city = folder / "base.city"
    base = folder / "vancouver.h5"
    files = {}
    if not base.exists() or not city.exists():
        done = simulate(program, BASE, base, replicates, ["--save-city", f"{BRANCH}={city}", *options])
        if done.returncode:
            sys.exit(done.stderr)
    for config in scenarios:
        output = files[config.stem] = folder / f"{config.stem}.h5"
        if output.exists():
            continue
        done = simulate(program, config, output, replicates, ["--from-city", str(city), *options])
        if done.returncode == EX_DATA:
            done = simulate(program, config, output, replicates, options)
        if done.returncode:
            sys.exit(done.stderr)
    return base, files


def compare(program, base, policies, window):
    text = subprocess.run([program, "compare", str(base), *map(str, policies), "--from", window[0],
                           "--to", window[1], "--json", "--quiet"], check=True,
                          capture_output=True, text=True).stdout
    return json.loads(text)["policies"]


def interval(value, scale=1.0, digits=0):
    """Mean with its interval, the sign always told."""
    return (f"{value['mean'] * scale:+,.{digits}f} "
            f"({value['low'] * scale:+,.{digits}f} to {value['high'] * scale:+,.{digits}f})")


def averted(value):
    """A difference turned round: what is averted."""
    turned = {"mean": -value["mean"], "low": -value["high"], "high": -value["low"]}
    return interval(turned)


def share_by_area(policy, area, inside):
    """Relative change of deaths in one area, or in all the others together."""
    cells = [part["outcomes"]["overdose_deaths"] for part in policy["parts"]
             if part["dimension"] == "area" and (part["label"] == area) == inside]
    base = sum(cell["base"]["mean"] for cell in cells)
    return f"{sum(cell['difference']['mean'] for cell in cells) / base * 100:+.1f} %"


def row(name, policy):
    outcomes = policy["outcomes"]
    deaths = outcomes["overdose_deaths"]
    million = 1e-6
    gain = deaths["pairing_gain"]
    return (f"| [{name}](#{name}) | {averted(deaths['difference'])} "
            f"| {(deaths['relative'] or 0) * 100:+.1f} % "
            f"| {share_by_area(policy, 'Downtown Eastside', True)} "
            f"| {share_by_area(policy, 'Downtown Eastside', False)} "
            f"| {interval(outcomes['overdoses']['difference'])} "
            f"| {interval(outcomes['qalys']['difference'])} "
            f"| {interval(outcomes['cost_payer']['difference'], million, 1)} "
            f"| {'' if gain is None else f'{gain:.1f}'} "
            f"| {deaths['replicates_needed'] or ''} |")


def read_notes(path):
    """`## name`, and below it what an epidemiologist says of the result."""
    parts = re.split(r"^## (\w+)\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2])}


def section(name, config, policy, note):
    ledger = policy["ledger"]
    people = ", ".join(f"{key.replace('_', ' ')} {value['mean']:.0f}"
                       for key, value in ledger.items() if isinstance(value, dict))
    return [f"### {name}", "", f"[{config}](../{config}). {policy['sentence']}", "",
            f"People a replicate: {people}. {policy['value']['sentence']}", "", note, ""]


HEAD = """# What policies would have changed

Made by `make scenarios`: the whole city, {replicates} replicates, the same draws in every run; deaths by
overdose and all else from January 2016 to December 2021, against the city as it was. Intervals are of
95 %, of Student's t over pairs of replicates: they hold the chance of the model and nothing of what we
do not know about its parameters. QALYs and costs are discounted; costs are to the public payer, in
million CAD of {price_year}. *Gain* is the variance of deaths averted with independent seeds against the
paired one; *needed* is the number of replicates for an interval of plus and minus 10 %.

| scenario | deaths averted | deaths | in the Downtown Eastside | elsewhere | overdoses | QALYs | cost, M CAD | gain | needed |
|---|---|---|---|---|---|---|---|---|---|
"""


def main():
    program, replicates, folder, notes, output, *options = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    scenarios = sorted(pathlib.Path("configs/scenarios").glob("*.yaml"))
    notes = read_notes(pathlib.Path(notes))
    missing = {config.stem for config in scenarios} ^ set(notes)
    base, files = run_all(program, replicates, folder, scenarios, options)
    found = compare(program, base, files.values(), WINDOW)
    policies = dict(zip(files, found))
    years = compare(program, base, [files["no_response"]], RESPONSE_WINDOW)[0]
    lines = [HEAD.format(replicates=replicates,
                         price_year=found[0]["value"]["price_year"]).rstrip("\n")]
    lines += [row(name, policies[name]) for name in files]
    lines += ["", "## One by one", ""]
    for config in scenarios:
        note = notes.get(config.stem, "")
        if config.stem == "no_response":
            note = f"In 2016 and 2017 alone: {years['sentence']} {note}"
        lines += section(config.stem, config, policies[config.stem], note)
    pathlib.Path(output).write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")
    if missing:
        sys.exit(f"scenarios.py: no note of, or no scenario for: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
