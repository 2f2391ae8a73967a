"""Opens a result file as its users do, every warning an error: read_output.py FILE."""
import json
import sys
import warnings

warnings.simplefilter("error")

import h5py
import numpy
import xarray

path = sys.argv[1]

with xarray.open_dataset(path, engine="h5netcdf") as data:
    data.load()
    assert data.attrs["Conventions"] == "CF-1.10", data.attrs
    deaths = data["overdose_deaths"]
    assert deaths.dims == ("replicate", "month", "area", "sex", "age_group"), deaths.dims
    assert deaths.dtype == numpy.int32 and deaths.attrs["units"] == "persons"
    assert numpy.issubdtype(data["month"].dtype, numpy.datetime64), data["month"].dtype
    assert data["month"].dt.day.values.tolist() == [1] * data.sizes["month"]
    assert [str(sex) for sex in data["sex_name"].values] == ["female", "male"]
    assert all(isinstance(str(name), str) and str(name) for name in data["area_name"].values)
    assert (data["residents"].sum(["area", "sex", "age_group"]) > 0).all()
    for name, series in data.data_vars.items():
        if not name.endswith("_name"):
            assert series.dims[0] == "replicate", name
            assert {"units", "long_name", "kind"} <= set(series.attrs), name
    assert data["quantiles_stress"].dims == ("replicate", "month", "quantile")
    assert data["people_with_overdose"].dims == ("replicate", "year")
    places = data["overdose_deaths_by_place"].sum("place")
    assert (places == deaths.sum(["area", "sex", "age_group"])).all(), "deaths by place"
    assert data["overdose_deaths_by_group"].dims == ("replicate", "month", "group")
    for dimension in set(data["group_dimension"].values):
        groups = data["overdose_deaths_by_group"][..., data["group_dimension"].values == dimension]
        assert (groups.sum("group") == deaths.sum(["area", "sex", "age_group"])).all(), dimension
    states = ["never_used", "active_injecting", "active_not_injecting", "on_methadone", "on_buprenorphine",
              "on_other_treatment", "abstinent", "in_institution"]
    days = sum(data["days_" + state] for state in states).sum(["area", "sex", "age_group"])

# The log of deaths says what the series say, day by day.
with xarray.open_dataset(path, engine="h5netcdf", group="deaths") as log:
    log.load()
    assert numpy.issubdtype(log["day"].dtype, numpy.datetime64)
    assert log["overdose"].attrs["flag_meanings"].split() == ["another_cause", "overdose"]
    lived = (data["residents"].sum(["area", "sex", "age_group"]) * data["month"].dt.days_in_month).values
    counted = numpy.zeros(deaths.sum(["sex", "age_group"]).shape, int)
    others = numpy.zeros(counted.shape[:2], int)
    month = log["day"].values.astype("datetime64[M]") - data["month"].values[0].astype("datetime64[M]")
    for i in range(log.sizes["death"]):
        at = int(log["replicate"][i]), int(month[i].astype(int))
        if at[1] < 0:
            continue # before the output begins
        if log["overdose"][i]:
            counted[at + (int(log["area"][i]),)] += 1
            lived[at] += int(log["day"][i].dt.day)
        else:
            others[at] += 1
    assert (counted == deaths.sum(["sex", "age_group"]).values).all(), "log of overdose deaths"
    other_causes = data["deaths_other_causes"].sum(["area", "sex", "age_group"])
    assert (others == other_causes.values).all(), "log of deaths"
    assert (lived == days.values).all(), "days by state add up to those of residents"

with xarray.open_dataset(path, engine="h5netcdf", group="parameters") as parameters:
    parameters.load()
    assert numpy.issubdtype(parameters["run.start"].dtype, numpy.datetime64)
    for name, value in parameters.data_vars.items():
        if "origin" in value.attrs:
            assert not value.attrs["origin"].startswith("/"), name

with xarray.open_dataset(path, engine="h5netcdf", group="provenance") as provenance:
    configuration = str(provenance["configuration"].values)
    assert "replicates: %d" % provenance["replicates"] in configuration, configuration[:200]

with h5py.File(path) as file:
    assert file["overdose_deaths"].dims[1][0].name == "/month"
    text = file["area_name"][0].tobytes().rstrip(b"\0").decode("utf-8")
    assert text, "area_name"

print(json.dumps({"seed": int(provenance["seed"]), "deaths": int(deaths.sum())}))
