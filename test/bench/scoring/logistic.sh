# logistic_model() on leads with 10 features, and R's glm() on the same rows.
# Part of test/bench/scoring/run, which says what the variables mean.
# shellcheck shell=bash disable=SC2154   # run and measure.sh set them

logistic_rows=$((rows / 10))
logistic_query="SELECT logistic_model(converted, features) FROM logistic_lead"

# Features of different units, some of them correlated; from hashes, so the same everywhere.
logistic_data()
{
	sql "CREATE TABLE logistic_lead AS
		SELECT ARRAY[a, b, a + b + c, d * 1000, (d > 0.7)::int, e * e, f, g - a, h, i]::float8[] AS features,
			j < 1 / (1 + exp(1 - a + 0.5 * b - 2 * (d - 0.5) + 0.3 * f)) AS converted
		FROM generate_series(1, $logistic_rows) n, LATERAL (
			SELECT die[1] AS a, die[2] AS b, die[3] AS c, die[4] AS d, die[5] AS e, die[6] AS f, die[7] AS g, die[8] AS h, die[9] AS i, die[10] AS j
			FROM (SELECT ARRAY(SELECT (hashint8extended(n, k) & 1048575) / 1048576.0::float8 FROM generate_series(1, 10) k) AS die) t) s" \
		"VACUUM ANALYZE logistic_lead"
}

# Sets r_milliseconds, and difference: the largest of a coefficient or standard error, relative.
logistic_in_r()
{
	local folder

	folder=$(mktemp -d "$LEAD_KPI_WORK/r.XXXXXX")
	sql "COPY (SELECT array_to_string(converted::int::text || features::text[], ' ') FROM logistic_lead) TO STDOUT" >"$folder/lead"
	sql "SELECT coefficient || ' ' || std_error FROM ($logistic_query) q(m), coefficients(m)" >"$folder/fitted"
	cat >"$folder/fit.R" <<-'R'
		arguments <- commandArgs(TRUE)
		lead <- as.data.frame(matrix(scan(arguments[1], quiet = TRUE), ncol = 11, byrow = TRUE))
		fitted <- read.table(arguments[2])
		times <- c()
		for (run in seq_len(as.integer(arguments[3])))
		{
			gc()
			times <- c(times, system.time(model <- glm(V1 ~ ., family = binomial, data = lead))[["elapsed"]])
		}
		reference <- summary(model)$coefficients[, 1:2]
		cat(1000 * median(times), max(abs(as.matrix(fitted) / reference - 1)), "\n")
	R
	read -r r_milliseconds difference < <(Rscript --vanilla "$folder/fit.R" "$folder/lead" "$folder/fitted" "${BENCH_R_RUNS:-3}")
	rm -r "$folder"
}

logistic_part()
{
	local floor one two iterations r_milliseconds='' difference=''

	note "logistic: create $logistic_rows leads"
	logistic_data
	note "logistic: measure"
	timed "$runs" 1 256MB "SELECT count(*), sum(features[1]) FROM logistic_lead"
	floor=$milliseconds
	timed "$runs" 1 256MB "SELECT iterations(m), observations(m) FROM ($logistic_query) q(m)"
	one=$milliseconds iterations=${answer%%|*}
	timed "$runs" 2 256MB "SELECT iterations(m), observations(m) FROM ($logistic_query) q(m)"
	two=$milliseconds
	if command -v Rscript >/dev/null; then
		note "logistic: R"
		logistic_in_r
	fi

	printf '%s leads with 10 features, %s Newton steps; medians of %d runs\n\n' "$logistic_rows" "$iterations" "$runs"
	printf '%-56s %9.0f ms\n' "scan, count(*), sum(features[1])" "$floor"
	printf '%-56s %9.0f ms\n' "logistic_model(), one process" "$one"
	printf '%-56s %9.0f ms\n' "logistic_model(), two processes" "$two"
	if [ -n "$r_milliseconds" ]; then
		printf '%-56s %9.0f ms\n' "$(Rscript --version 2>&1 | sed 's/.*version \([0-9.]*\).*/R \1/') glm(), rows in memory" "$r_milliseconds"
		printf '%-56s %9s\n' "largest relative difference to R" "$difference"
		target "logistic_model() / R's glm()" "$(ratio "$one" "$r_milliseconds")" at-most 0.2
	else
		printf 'R is not installed: not compared\n'
	fi
}

logistic_part
