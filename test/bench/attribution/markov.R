# How long ChannelAttribution takes for a Markov chain of order 1, in ms, per run.
# Arguments: a file of paths (path, conversions, value, nulls), runs
suppressWarnings(suppressMessages(library(ChannelAttribution)))
arguments <- commandArgs(trailingOnly = TRUE)
paths <- read.csv(arguments[1])
for (run in seq_len(as.integer(arguments[2]))) {
  time <- system.time(markov_model(paths, "path", "conversions", var_value = "value", var_null = "nulls",
                                   order = 1, verbose = FALSE, flg_pro = FALSE))
  cat("milliseconds", time[["elapsed"]] * 1000, "\n")
}
