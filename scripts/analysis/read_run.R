#!/usr/bin/env Rscript
# Deaths by overdose by month and by area, from a result file: read_run.R RUN.h5 PICTURE.png [OUT.csv]
#
# An example to begin from, with ncdf4 and base graphics. R turns the order of the axes round: age group,
# sex, area, month, replicate. The numbers that are drawn also go to OUT.csv.
library(ncdf4)
arguments <- commandArgs(trailingOnly = TRUE)
run <- nc_open(arguments[1])
day <- function(name) as.Date(c(ncvar_get(run, name)), origin = "1970-01-01")

series <- ncvar_get(run, "overdose_deaths", collapse_degen = FALSE)
deaths <- apply(series, c(4, 5), sum) # month, replicate
mean_deaths <- rowMeans(deaths)
low <- apply(deaths, 1, min)
high <- apply(deaths, 1, max)
month <- day("month")
seen <- c(ncvar_get(run, "parameters/observed.overdose_deaths")) * c(ncvar_get(run, "parameters/population.scale"))
seen_on <- day("parameters/observed.overdose_deaths_date")
drawn <- seen_on >= month[1] & seen_on <= tail(month, 1)
areas <- c(ncvar_get(run, "area_name"))
by_area <- rowMeans(apply(series, c(3, 5), sum))
nc_close(run)

png(arguments[2], width = 1100, height = 400)
par(mfrow = c(1, 2), mar = c(4, 10, 1, 1))
plot(month, mean_deaths, type = "n", ylim = c(0, max(high, seen[drawn])), xlab = "",
    ylab = "deaths by overdose, persons a month")
polygon(c(month, rev(month)), c(low, rev(high)), col = "#0072b233", border = NA)
lines(month, mean_deaths, col = "#0072b2", lty = 2)
points(seen_on[drawn], seen[drawn], pch = 20)
barplot(rev(by_area), names.arg = rev(areas), horiz = TRUE, las = 1, col = "#0072b2",
    xlab = "deaths by overdose, persons")
invisible(dev.off())

if (length(arguments) > 2) {
    row <- function(...) paste(..., sep = ",")
    number <- function(x) format(x, digits = 15, trim = TRUE)
    writeLines(c(row(format(month), number(mean_deaths), number(low), number(high)),
        row(format(seen_on[drawn]), number(seen[drawn])), row(areas, number(by_area))), arguments[3])
}
