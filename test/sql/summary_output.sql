-- lead_kpi.summary_output: the short text form of summaries, for transfer. Both forms are read, whatever is written.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

CREATE TEMP TABLE event AS
SELECT lead, (ARRAY['ads', 'né à l''été', 'organic'])[1 + lead % 3] AS channel, s.stage, lead % 2 = 0 AS won,
	timestamptz '2025-01-01 00:00+00' + lead % 97 * interval '1 hour' + (lead * 7919 % 1009) * position * interval '1 minute 1 second' AS at
FROM generate_series(1, 2000) lead, unnest('{lead,mql,won}'::text[]) WITH ORDINALITY s(stage, position)
WHERE lead * 31 % 11 >= 2 * position;
CREATE TEMP TABLE value AS
SELECT 'funnel' AS type, (SELECT funnel(lead, stage, at, '{lead,mql,won}') FROM event)::text AS json
UNION ALL SELECT 'funnel', (SELECT funnel(lead, channel, at, '{"né à l''été",ads}', interval '1 hour', 'any_order') FROM event WHERE lead < 9)::text
UNION ALL SELECT 'moments', (SELECT moments(lead / 7.0) FROM event)::text
UNION ALL SELECT 'moments', (SELECT moments(NULL::float8))::text
UNION ALL SELECT 'journeys', (SELECT journeys(lead, channel, at, CASE WHEN won THEN timestamptz '2025-03-01 00:00+00' END, lead / 7.0, '90 days') FROM event)::text
UNION ALL SELECT 'conversion_curve', (SELECT conversion_curve(timestamptz '2025-01-01 00:00+00', at, timestamptz '2025-02-01 00:00+00', '1 hour') FROM event)::text
UNION ALL SELECT 'lead_profile', (SELECT lead_profile(jsonb_build_object('channel', channel, 'hour', extract(hour FROM at AT TIME ZONE 'UTC')), won) FROM event)::text
UNION ALL SELECT 'roc', (SELECT roc(lead % 300 / 7.0, won) FROM event)::text
UNION ALL SELECT 'logistic_model', (SELECT logistic_model(won, ARRAY[lead % 13, 1.5]::float8[], 1) FROM event)::text;

-- Through the short form and back: the same bytes; jsonb is JSON all the same.
CREATE FUNCTION shortened(type text, long text) RETURNS text LANGUAGE plpgsql SET lead_kpi.summary_output = 'compact' AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE format('SELECT $1::lead_kpi.%I::text', type) INTO answer USING long;
	RETURN answer;
END
$$;
CREATE FUNCTION json_again(type text, short text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE format('SELECT $1::lead_kpi.%I::text', type) INTO answer USING short;
	RETURN answer;
END
$$;
SELECT type, split_part(short, ':', 1) AS form, json_again(type, short) = json AS same, length(short) < length(json) / 2 AS is_short, short ~ '^[a-z0-9]+:([0-9]+:)?[A-Za-z0-9+/]+=*$' AS one_word
FROM value, LATERAL (SELECT shortened(type, json) AS short) s ORDER BY type COLLATE "C", length(json);
SET lead_kpi.summary_output = compact;
SELECT (json::lead_kpi.funnel)::jsonb = json::jsonb AS funnel FROM value WHERE type = 'funnel';
SELECT (json::conversion_curve)::jsonb = json::jsonb AS curve FROM value WHERE type = 'conversion_curve';
SELECT (json::journeys)::jsonb = json::jsonb AS journeys FROM value WHERE type = 'journeys';
SELECT (json::lead_profile)::jsonb = json::jsonb AS profile FROM value WHERE type = 'lead_profile';
SELECT (json::roc)::jsonb = json::jsonb AS roc FROM value WHERE type = 'roc';
SELECT (json::logistic_model)::jsonb = json::jsonb AS model FROM value WHERE type = 'logistic_model';

-- What is short already, or is written to be read, stays.
SELECT rate(3, 4), '{"base": 1}'::scorecard;
-- Added up from either form.
SELECT rollup(s)::text = rollup(j)::text AS same FROM (SELECT shortened(type, json)::lead_kpi.funnel AS s, json::lead_kpi.funnel AS j FROM value, generate_series(1, 3)
	WHERE type = 'funnel' AND length(json) > 400) v;
RESET lead_kpi.summary_output;
SET lead_kpi.summary_output = 'xml';

-- Damaged in every place: refused with the errors of bad input, or another value.
CREATE FUNCTION damaged(type text, short text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	bad text;
	refused bigint := 0;
	cut_accepted bigint := 0;
	is_cut boolean;
BEGIN
	FOR bad, is_cut IN
		SELECT left(short, n), true FROM generate_series(7, length(short) - 1, 1 + length(short) / 200) n
		UNION ALL SELECT overlay(short PLACING c FROM n), false FROM generate_series(1, least(length(short), 400)) n, unnest('{A,/,=}'::text[]) c
	LOOP
		BEGIN
			PERFORM json_again(type, bad);
			cut_accepted := cut_accepted + is_cut::int;
		EXCEPTION WHEN protocol_violation OR invalid_binary_representation OR invalid_text_representation OR character_not_in_repertoire THEN
			refused := refused + 1;
		END;
	END LOOP;
	RETURN format('%s, %s cut ones accepted', CASE WHEN refused > 100 THEN 'many refused' ELSE 'few refused' END, cut_accepted);
END
$$;
SELECT DISTINCT ON (type COLLATE "C") type, damaged(type, shortened(type, json)) FROM value WHERE length(json) < 20000 AND length(json) > 300 ORDER BY type COLLATE "C", length(json);

SELECT 'base64:'::moments;
SELECT 'base64:AAAA'::moments;
SELECT 'base64:A'::moments;
SELECT 'base64:AA AA'::moments;
SELECT 'pglz:'::moments;
SELECT 'pglz:0:AAAA'::moments;
SELECT 'pglz:100:AAAA'::moments;
SELECT 'pglz:1000000000:AAAA'::moments;
SELECT 'pglz:99999999999999999999:AAAA'::moments;
-- Bytes of another type.
SELECT shortened(type, json)::moments FROM value WHERE type = 'roc';
