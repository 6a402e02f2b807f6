# fit() beside reading the same keys with ->>, engagement() beside max() by lead.
# Part of test/bench/scoring/run, which says what the variables mean.
# shellcheck shell=bash disable=SC2154   # run and measure.sh set them

readonly scorecard_keys="country industry title employees revenue city language source website phone seniority budget
	age_days has_crm newsletter subsidiary sites growth technology segment"

# scorecard_read TABLE: counts every key of the attributes
scorecard_read()
{
	local key list=''

	for key in $scorecard_keys; do
		list+="${list:+, }count(attributes ->> '$key')"
	done
	echo "SELECT $list FROM $1"
}

scorecard_fit()
{
	echo "SELECT sum(fit((SELECT card FROM card), attributes)) FROM $1"
}

scorecard_part()
{
	local leads=$((rows / 10)) name names=(scan read fit toasted_read toasted_fit explain last engagement) processes
	declare -A label=(
		[scan]="scan, count(attributes)"
		[read]="20 keys with ->>"
		[fit]="fit(), 21 rules about them"
		[toasted_read]="20 keys with ->>, compressed, a fifth of the leads"
		[toasted_fit]="fit(), compressed, a fifth of the leads"
		[explain]="explain() of a fiftieth of the leads"
		[last]="max(at) by lead, 10 events each"
		[engagement]="engagement() by lead, 10 events each"
	)
	declare -A query=(
		[scan]="SELECT count(attributes) FROM scored_lead"
		[read]=$(scorecard_read scored_lead)
		[fit]=$(scorecard_fit scored_lead)
		[toasted_read]=$(scorecard_read described_lead)
		[toasted_fit]=$(scorecard_fit described_lead)
		[explain]="SELECT sum(points) FROM scored_lead, explain((SELECT card FROM card), attributes) WHERE lead_id <= $((leads / 50))"
		[last]="SELECT count(m) FROM (SELECT max(at) AS m FROM scored_event GROUP BY lead_id) AS by_lead"
		[engagement]="SELECT sum(e) FROM (SELECT engagement((SELECT card FROM card), event, at, '2026-07-01') AS e FROM scored_event GROUP BY lead_id) AS by_lead"
	)
	declare -A middle

	note "scorecard: create $leads leads"
	PGOPTIONS=$(settings 1 1GB) psql -X -q -v ON_ERROR_STOP=1 -v leads="$leads" -f "$here/scorecard_data.sql" >/dev/null
	note "scorecard: measure"
	for name in "${names[@]}"; do
		for processes in 1 2; do
			timed "$runs" "$processes" 2GB "${query[$name]}"
			middle[$name$processes]=$milliseconds
		done
	done

	printf '%s leads of 20 attributes; medians of %d runs\n\n' "$leads" "$runs"
	printf '%-56s %10s %12s\n' "" "1 process" "2 processes"
	for name in "${names[@]}"; do
		printf '%-56s %7.0f ms %9.0f ms\n' "${label[$name]}" "${middle[${name}1]}" "${middle[${name}2]}"
	done
	target "fit() / ->>" "$(ratio "${middle[fit1]}" "${middle[read1]}")" at-most 2
	target "fit() / ->>, compressed" "$(ratio "${middle[toasted_fit1]}" "${middle[toasted_read1]}")" at-most 2
}

scorecard_part
