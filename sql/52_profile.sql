-- lead_profile: how many leads of each attribute and value converted, and the probabilities learned from that.

CREATE TYPE lead_profile;

CREATE FUNCTION lead_profile_in(cstring) RETURNS lead_profile
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lead_profile_in(cstring) IS 'input of type lead_profile';

CREATE FUNCTION lead_profile_out(lead_profile) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lead_profile_out(lead_profile) IS 'output of type lead_profile';

CREATE FUNCTION lead_profile_recv(internal) RETURNS lead_profile
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lead_profile_recv(internal) IS 'binary input of type lead_profile';

CREATE FUNCTION lead_profile_send(lead_profile) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lead_profile_send(lead_profile) IS 'binary output of type lead_profile';

CREATE TYPE lead_profile (
	INPUT = lead_profile_in,
	OUTPUT = lead_profile_out,
	RECEIVE = lead_profile_recv,
	SEND = lead_profile_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended
);
COMMENT ON TYPE lead_profile IS
'Per attribute and value, the leads that converted and those that did not. Built by the aggregate lead_profile(), '
'added by + and rollup(), read by probability(), explain(), weight_of_evidence(), information_value(), drift(), '
'counts() and ignored(). Of bounded size. Text form: a lossless JSON object.';

-- Adding

CREATE FUNCTION lead_profile_add(lead_profile, lead_profile) RETURNS lead_profile
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lead_profile_add(lead_profile, lead_profile) IS
'The profile of both sets of leads, which must not share a lead. NULL when one is NULL; error when together they '
'have more than 1000 attributes.';

CREATE OPERATOR + (
	LEFTARG = lead_profile, RIGHTARG = lead_profile, FUNCTION = lead_profile_add, COMMUTATOR = +
);
COMMENT ON OPERATOR + (lead_profile, lead_profile) IS 'the profile of both sets of leads';

CREATE AGGREGATE rollup(lead_profile) (
	SFUNC = lead_profile_add, STYPE = lead_profile, COMBINEFUNC = lead_profile_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(lead_profile) IS
'Adds the profiles of disjoint sets of leads. NULLs are skipped; no profiles: NULL.';

-- Building

CREATE FUNCTION profile_accumulate(internal, jsonb, boolean) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION profile_accumulate(internal, jsonb, boolean) IS 'transition function of aggregate lead_profile';

CREATE FUNCTION profile_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION profile_combine(internal, internal) IS 'combine function of aggregate lead_profile';

CREATE FUNCTION profile_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION profile_serialize(internal) IS 'serialization of the state of aggregate lead_profile';

CREATE FUNCTION profile_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION profile_deserialize(bytea, internal) IS 'deserialization of the state of aggregate lead_profile';

CREATE FUNCTION profile_final(internal) RETURNS lead_profile
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION profile_final(internal) IS 'final function of aggregate lead_profile';

CREATE AGGREGATE lead_profile(attributes jsonb, converted boolean) (
	SFUNC = profile_accumulate, STYPE = internal, SSPACE = 65536,
	FINALFUNC = profile_final, COMBINEFUNC = profile_combine,
	SERIALFUNC = profile_serialize, DESERIALFUNC = profile_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE lead_profile(jsonb, boolean) IS
'The profile of leads, one row per lead: its attributes, a JSON object, and whether it converted. Members of nested '
'objects have dotted names (company.size), each distinct element of an array is a value, null is no value. Texts, '
'booleans and numbers are kept apart. More than 10 000 texts of an attribute are counted in 8192 buckets by hash; of '
'more than 4096 numbers the low bits are dropped, as few as it takes; names and texts of more than 200 bytes are '
'known by their beginning and a hash. Rows with NULL and attributes that are no object, numbers beyond float8, '
'objects and arrays inside arrays are counted in ignored(). Error for more than 1000 attributes. NULL when there are '
'no rows.';

-- Reading

CREATE FUNCTION rate(profile lead_profile) RETURNS rate
	AS 'MODULE_PATHNAME', 'profile_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate(lead_profile) IS 'The leads that converted among all leads of the profile. NULL for NULL.';

CREATE FUNCTION counts(profile lead_profile,
		OUT attribute text, OUT kind text, OUT value text, OUT at_least float8, OUT converted bigint, OUT not_converted bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION counts(lead_profile) IS
'Leads per attribute and value, by name. kind: text, boolean, number, bucket (texts counted together by hash) or '
'unknown (leads without a value). value: the text, true, false, or the number of the bucket (#17). at_least: the '
'number, or the least one of those counted together. No rows for NULL.';

CREATE FUNCTION ignored(profile lead_profile, OUT reason text, OUT rows bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_ignored' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION ignored(lead_profile) IS
'What was left out, by reason, also where there is none: null_converted, null_attributes and not_an_object count '
'rows, number_out_of_range and nested_in_array count values.';

CREATE FUNCTION lead_profile_to_jsonb(lead_profile) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'lead_profile_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lead_profile_to_jsonb(lead_profile) IS
'The profile as JSON: totals, what was ignored, and per attribute the leads with a value and the values, numbers and '
'buckets, each with the leads that converted and those that did not.';

CREATE CAST (lead_profile AS jsonb) WITH FUNCTION lead_profile_to_jsonb(lead_profile);
COMMENT ON CAST (lead_profile AS jsonb) IS 'the lossless text form as jsonb';

-- Naive Bayes

CREATE FUNCTION probability(profile lead_profile, attributes jsonb, prior rate DEFAULT NULL) RETURNS float8
	AS 'MODULE_PATHNAME', 'profile_probability' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION probability(lead_profile, jsonb, rate) IS
'The probability, 0.0001 to 0.9999, that a lead with these attributes converts: naive Bayes as in Odoo''s predictive '
'lead scoring, with 0.1 added to each count, shares per attribute, and values never seen passed over. An '
'attribute''s numbers are single values up to 12 of them, else ranges as in weight_of_evidence(). prior: a rate to '
'start from instead of all leads of the profile, such as the conversion of those that reached the lead''s stage. '
'attributes that are NULL or no JSON object: the prior alone. NULL when the profile is NULL, when all of its leads '
'or none converted, and for a prior of 0/0.';

CREATE FUNCTION probability(profiles lead_profile[], attributes jsonb, prior rate DEFAULT NULL) RETURNS float8
	AS 'MODULE_PATHNAME', 'profile_probability_together' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION probability(lead_profile[], jsonb, rate) IS
'The same from several profiles together, each with 0.1 added to its own counts: as Odoo does for leads without a '
'team, with a profile per team. NULL elements are skipped; no profile: NULL.';

CREATE FUNCTION explain(profile lead_profile, attributes jsonb, prior rate DEFAULT NULL,
		OUT attribute text, OUT value text, OUT log_odds float8, OUT converted bigint, OUT not_converted bigint, OUT reason text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_explain' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION explain(lead_profile, jsonb, rate) IS
'What probability() is made of: the prior (attribute NULL), each value of the lead with its effect on the log odds '
'and the leads of the profile behind it, and the limits where they apply. log_odds add up to ln(p / (1 - p)). No '
'rows where probability() is NULL.';

CREATE FUNCTION explain(profiles lead_profile[], attributes jsonb, prior rate DEFAULT NULL,
		OUT attribute text, OUT value text, OUT log_odds float8, OUT converted bigint, OUT not_converted bigint, OUT reason text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_explain_together' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION explain(lead_profile[], jsonb, rate) IS
'The same from several profiles together, each with 0.1 added to its own counts.';

-- What attributes say

CREATE FUNCTION weight_of_evidence(profile lead_profile, attribute text DEFAULT NULL, bins integer DEFAULT 10, monotone boolean DEFAULT false,
		OUT attribute text, OUT bin integer, OUT label text, OUT kind text, OUT at_least float8, OUT below float8, OUT value text,
		OUT converted bigint, OUT not_converted bigint, OUT share_converted float8, OUT share_not_converted float8,
		OUT weight_of_evidence float8, OUT information_value float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_weight_of_evidence' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION weight_of_evidence(lead_profile, text, integer, boolean) IS
'The bins of one attribute, or of all for NULL, with the weight of evidence ln(share of the converted / share of the '
'others) and its part of the information value, (difference of the shares) * weight. A count of 0 is taken for 0.9. '
'kind: number, text, boolean, others or unknown. Numbers are cut into at most bins (1 to 50) ranges, where the '
'likelihood of the outcomes less ln(leads) per cut is greatest, each with at least 5 % of the leads that have a '
'number; monotone: rates only rise or only fall. Up to 20 texts and booleans have a bin each; of more, those with 10 '
'leads and 1 % of the values, the rest together. Leads without a value are a bin. Shares, weight and information '
'value are NULL when all leads or none converted. No rows for NULL; error for an attribute that the profile does not '
'have.';

CREATE FUNCTION information_value(profile lead_profile, bins integer DEFAULT 10, monotone boolean DEFAULT false,
		OUT attribute text, OUT information_value float8, OUT bins_used integer) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_information_value' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION information_value(lead_profile, integer, boolean) IS
'What each attribute says about conversion, highest first: the sum of information_value of weight_of_evidence(). By '
'a rule of thumb below 0.02 nothing, from 0.3 on much. NULL when all leads or none converted; no rows for NULL.';

CREATE FUNCTION drift(before lead_profile, now lead_profile, bins integer DEFAULT 10,
		OUT attribute text, OUT stability_index float8, OUT bins_used integer) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_drift' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION drift(lead_profile, lead_profile, integer) IS
'How far the leads of now differ from those of before, per attribute, highest first: the population stability index, '
'sum of (share now - share before) * ln(share now / share before) over the bins of before, which hold equally many '
'leads. A count of 0 is taken for 0.9. By a rule of thumb below 0.1 nothing, from 0.25 on much. Outcomes play no '
'part. NULL when one has no leads; no rows for NULL.';

CREATE FUNCTION drift_bins(before lead_profile, now lead_profile, bins integer DEFAULT 10,
		OUT attribute text, OUT bin integer, OUT label text, OUT kind text, OUT at_least float8, OUT below float8, OUT value text,
		OUT leads_before bigint, OUT leads_now bigint, OUT share_before float8, OUT share_now float8, OUT stability_index float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_drift_bins' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION drift_bins(lead_profile, lead_profile, integer) IS
'The bins behind drift(): leads and shares before and now, and each bin''s part of the population stability index.';

CREATE FUNCTION evidence(profile lead_profile, attributes jsonb, bins integer DEFAULT 10, monotone boolean DEFAULT false) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'profile_lead_evidence' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION evidence(lead_profile, jsonb, integer, boolean) IS
'The lead''s weight of evidence for each attribute of the profile, as numbers by name: what a logistic_model of a '
'classical scorecard is fitted to. The weight is that of the lead''s bin in weight_of_evidence() with the same bins and '
'monotone; of several bins their sum, each once; 0 for a value that no bin holds and for a text of more than 200 bytes. Without a value, which a blank text '
'is too, the weight of the unknown, 0 where no lead of the profile lacked one. NULL for NULL, for attributes that are '
'no object, and when all leads of the profile or none converted.';

-- A points card

CREATE FUNCTION scorecard_points(profile lead_profile, pdo float8, base_points float8, base_odds float8,
		bins integer DEFAULT 10, monotone boolean DEFAULT false, digits integer DEFAULT NULL,
		OUT attribute text, OUT bin integer, OUT label text, OUT kind text, OUT at_least float8, OUT below float8, OUT value text,
		OUT points float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_points' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION scorecard_points(lead_profile, float8, float8, float8, integer, boolean, integer) IS
'A points card learned from leads: the points of every lead (attribute NULL), then those of each bin of '
'weight_of_evidence(). With B = pdo / ln 2 a bin has B * weight of evidence, and every lead has base_points - B * '
'ln(base_odds) + B * ln(converted / not converted): base_points at odds of base_odds (converted to not converted), '
'pdo more whenever the odds double; more points, more likely to convert. digits (0 to 9): rounded to so many '
'decimals; NULL: not rounded. No rows when a value up to base_odds is NULL, and when all leads or none converted. '
'Error unless pdo and base_odds are finite and above zero and base_points is finite.';

CREATE FUNCTION profile_points(profile lead_profile, pdo float8, base_points float8, base_odds float8,
		bins integer, monotone boolean, digits integer, terms text[], coefficients float8[],
		OUT attribute text, OUT bin integer, OUT label text, OUT kind text, OUT at_least float8, OUT below float8, OUT value text,
		OUT points float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'profile_points_of_coefficients' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION profile_points(lead_profile, float8, float8, float8, integer, boolean, integer, text[], float8[]) IS
'scorecard_points() of a profile and a logistic_model, whose terms and coefficients are given, the intercept first.';

-- What the mart's lead_features is made of

CREATE FUNCTION known_of_lead(attributes jsonb, channel text, campaign text, kind text, stage text, recent_touches integer, touch_kinds text[])
RETURNS jsonb
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION known_of_lead(jsonb, text, text, text, text, integer, text[]) IS
'The attributes of a lead with a member lead in place of one that they have: an object of the other arguments that are not NULL. Elements of '
'touch_kinds that are NULL are left out. NULL attributes mean that nothing is known. Error when attributes are an array or a scalar.';
