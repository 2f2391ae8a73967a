#!/usr/bin/env bash
# R (ncdf4) opens a result file without a warning, with its dates, names and groups.
# usage: tests/system/long_readers_r.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
config=$PWD/configs/vancouver.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

"$program" run "$config" --set population.scale=0.01 --replicates 2 --set run.end=2015-12-31 \
    --quiet --output run.h5 >stdout || exit 1
cat >read.R <<'R'
options(warn = 2)
library(ncdf4)
file <- nc_open("run.h5")
deaths <- ncvar_get(file, "overdose_deaths", collapse_degen = FALSE)
stopifnot(ncatt_get(file, 0, "Conventions")$value == "CF-1.10")
stopifnot(dim(deaths)[4] == 12, dim(deaths)[5] == 2) # month, replicate: R turns the order round
stopifnot(sum(ncvar_get(file, "residents")) > 0)
stopifnot(identical(c(ncvar_get(file, "sex_name")), c("female", "male")))
stopifnot(all(nchar(ncvar_get(file, "area_name")) > 0))
stopifnot(ncatt_get(file, "month", "units")$value == "days since 1970-01-01")
month <- as.Date(ncvar_get(file, "month"), origin = "1970-01-01")
stopifnot(format(month[1]) == "2015-01-01", format(month[12]) == "2015-12-01")
stopifnot(ncvar_get(file, "provenance/replicates") == 2)
stopifnot(grepl("replicates: 2", ncvar_get(file, "provenance/configuration")))
stopifnot(sum(ncvar_get(file, "deaths/overdose")) == sum(deaths))
stopifnot(nchar(ncatt_get(file, "parameters/population.scale", "long_name")$value) > 0)
nc_close(file)
R
if Rscript read.R >stdout 2>&1; then
    echo "1 passed, 0 failed"
else
    cat stdout
    echo "0 passed, 1 failed"
    exit 1
fi
