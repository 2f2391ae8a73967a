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
