# roc() beside PostgreSQL's sort of the same scores.
# Part of test/bench/scoring/run, which says what the variables mean.
# shellcheck shell=bash disable=SC2154   # run and measure.sh set them

# Sorted in memory and read to the end: count(*) alone would leave the sort out.
roc_sort="SELECT count(score) FROM (SELECT score FROM roc_lead ORDER BY score OFFSET 0) AS sorted"

roc_part()
{
	local floor sorted name processes label
	declare -A query=(
		[distinct]="SELECT auc(roc(score, converted)) FROM roc_lead"
		[points]="SELECT auc(roc(points, converted)) FROM roc_lead"
		[bins]="SELECT auc(roc(score, converted, 1000)) FROM roc_lead"
		[compare]="SELECT (roc_compare(score, points, converted)).difference FROM roc_lead"
	)
	declare -A middle peak

	note "roc: create $rows leads"
	sql "CREATE TABLE roc_lead AS
		SELECT (hashint8extended(n, 1) & 9007199254740991) / 9007199254740992.0::float8 AS score,
			((hashint8extended(n, 1) & 9007199254740991) / 90071992547409)::float8 AS points,
			hashint8extended(n, 2) & 1023 < (hashint8extended(n, 1) & 9007199254740991) / 17592186044416 AS converted
		FROM generate_series(1, $rows) n" "VACUUM ANALYZE roc_lead"
	note "roc: measure"
	timed "$runs" 1 2GB "SELECT count(score) FROM roc_lead"
	floor=$milliseconds
	timed "$runs" 1 2GB "$roc_sort"
	sorted=$milliseconds
	for processes in 1 2; do
		for name in distinct points bins; do
			timed "$runs" "$processes" 2GB "${query[$name]}"
			middle[$name$processes]=$milliseconds
		done
	done
	timed "$runs" 1 2GB "${query[compare]}"
	middle[compare]=$milliseconds
	for name in distinct points; do
		measure_memory 1 2GB "${query[$name]}"
		peak[$name]=$(awk -v kb="$peak_kb" -v rows="$rows" 'BEGIN { printf "%.1f", kb * 1024 / rows }')
	done

	printf '%s leads; medians of %d runs\n\n' "$rows" "$runs"
	printf '%-56s %9.0f ms\n' "scan, count(score)" "$floor"
	printf '%-56s %9.0f ms\n' "sort: ORDER BY score, in memory" "$sorted"
	for processes in 1 2; do
		label=$([ "$processes" = 1 ] && echo "one process" || echo "two processes")
		printf '%-56s %9.0f ms\n' "auc(roc(score)), distinct scores, $label" "${middle[distinct$processes]}"
		printf '%-56s %9.0f ms\n' "auc(roc(points)), 100 points, $label" "${middle[points$processes]}"
		printf '%-56s %9.0f ms\n' "auc(roc(score, 1000)), rounded, $label" "${middle[bins$processes]}"
	done
	printf '%-56s %9.0f ms\n' "roc_compare(score, points)" "${middle[compare]}"
	printf '%-56s %9s bytes a lead\n' "peak memory, distinct scores" "${peak[distinct]}"
	printf '%-56s %9s bytes a lead\n' "peak memory, 100 points" "${peak[points]}"
	target "roc() / sort" "$(ratio "${middle[distinct1]}" "$sorted")" at-most 2
}

roc_part
