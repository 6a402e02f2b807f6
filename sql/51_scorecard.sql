-- scorecard: the formal rules behind a score.

CREATE TYPE scorecard;

CREATE FUNCTION scorecard_in(cstring) RETURNS scorecard
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_in(cstring) IS
'Reads and checks a scorecard. Error, naming the rule and what is wrong with it, for: unknown keys, operators and '
'groups; keys and rule names that occur twice; points beyond a billion; empty ranges; invalid regular expressions; '
'lengths of time that are not fixed and above zero; negative caps and floors above caps; groups that lie in '
'themselves or hold both kinds of rules; grades that do not descend; grades and hand-off conditions that cannot be '
'reached; more than 10 000 rules or 4 MB.';

CREATE FUNCTION scorecard_out(scorecard) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_out(scorecard) IS 'Writes the canonical JSON text, without loss.';

CREATE FUNCTION scorecard_recv(internal) RETURNS scorecard
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_recv(internal) IS
'Reads the binary form: a version byte, then the JSON text, checked as on input.';

CREATE FUNCTION scorecard_send(scorecard) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_send(scorecard) IS
'Writes the binary form: a version byte, then the canonical JSON text.';

CREATE TYPE scorecard (
	INPUT = scorecard_in,
	OUTPUT = scorecard_out,
	RECEIVE = scorecard_recv,
	SEND = scorecard_send,
	STORAGE = extended
);
COMMENT ON TYPE scorecard IS
'Formal scoring rules, written as a JSON object: fit rules about attributes, engagement rules about events, caps, '
'grades and the hand-off threshold. Checked on input, kept in canonical form: equal text, equal card. See '
'doc/scorecard.md for every key.';

CREATE CAST (jsonb AS scorecard) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS scorecard) IS 'checks the rules; of a key that was written twice jsonb has kept the last';

CREATE CAST (scorecard AS jsonb) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (scorecard AS jsonb) IS 'the rules as jsonb, to take apart with its operators';

-- Equality

CREATE FUNCTION scorecard_eq(scorecard, scorecard) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_eq(scorecard, scorecard) IS
'The same rules in the same order, however they were written.';

CREATE FUNCTION scorecard_ne(scorecard, scorecard) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_ne(scorecard, scorecard) IS 'Other rules, or another order of rules.';

CREATE FUNCTION scorecard_hash(scorecard) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_hash(scorecard) IS 'Hash of the canonical text.';

CREATE FUNCTION scorecard_hash_extended(scorecard, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_hash_extended(scorecard, bigint) IS 'Seeded 64 bit hash of the canonical text.';

CREATE OPERATOR = (
	LEFTARG = scorecard, RIGHTARG = scorecard, FUNCTION = scorecard_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES
);
COMMENT ON OPERATOR = (scorecard, scorecard) IS 'the same rules in the same order';

CREATE OPERATOR <> (
	LEFTARG = scorecard, RIGHTARG = scorecard, FUNCTION = scorecard_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (scorecard, scorecard) IS 'other rules, or another order of rules';

CREATE OPERATOR CLASS scorecard_ops DEFAULT FOR TYPE scorecard USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 scorecard_hash(scorecard),
	FUNCTION 2 scorecard_hash_extended(scorecard, bigint);
COMMENT ON OPERATOR CLASS scorecard_ops USING hash IS 'equality of scorecards: the same rules in the same order';
COMMENT ON OPERATOR FAMILY scorecard_ops USING hash IS 'equality of scorecards: the same rules in the same order';

-- Fit

CREATE FUNCTION fit(scorecard scorecard, attributes jsonb) RETURNS float8
	AS 'MODULE_PATHNAME', 'scorecard_fit' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION fit(scorecard, jsonb) IS
'Points of the fit rules that apply to a lead''s attributes: base, rules, group caps, fit_cap and fit_floor. Decimal '
'arithmetic, exact to 10^-12, then the nearest float8. NULL attributes mean that nothing is known: base and '
'is_unknown rules count. NULL without a scorecard. Error when attributes are an array or a scalar.';

CREATE FUNCTION attribute_value(attributes jsonb, path text) RETURNS text
	AS 'MODULE_PATHNAME', 'attribute_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION attribute_value(jsonb, text) IS
'What a lead''s attributes say at a path, as a scorecard''s "attribute" is one: a dot leads into an object or belongs to a key. A list or an object is its '
'JSON text. NULL = unknown: missing, null, blank or empty. Error when attributes are an array or a scalar.';

CREATE TYPE score_part AS (rule text, points numeric, reason text);
COMMENT ON TYPE score_part IS
'A part of a score: the rule (or cap, floor, base), its points, and why. The points of all parts add up to the score.';
COMMENT ON COLUMN score_part.rule IS 'the rule''s name, or base, or such as: cap of group web; ignored for events that did not count';
COMMENT ON COLUMN score_part.points IS 'its points, exactly';
COMMENT ON COLUMN score_part.reason IS 'what the lead has or did';

CREATE FUNCTION explain(scorecard scorecard, attributes jsonb) RETURNS SETOF score_part
	AS 'MODULE_PATHNAME', 'scorecard_explain' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 10;
COMMENT ON FUNCTION explain(scorecard, jsonb) IS
'The parts of fit(): a row for base, for each rule that applies, and for each cap and floor that took effect; their '
'points add up to fit() exactly. No rows without a scorecard; NULL attributes mean that nothing is known.';

-- Engagement

CREATE FUNCTION engagement_accumulate(internal, scorecard, text, timestamptz, timestamptz) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION engagement_accumulate(internal, scorecard, text, timestamptz, timestamptz) IS
'transition function of aggregates engagement and explain_engagement';

CREATE FUNCTION engagement_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION engagement_combine(internal, internal) IS
'combine function of aggregates engagement and explain_engagement';

CREATE FUNCTION engagement_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION engagement_serialize(internal) IS
'serialize function of aggregates engagement and explain_engagement';

CREATE FUNCTION engagement_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION engagement_deserialize(bytea, internal) IS
'deserialize function of aggregates engagement and explain_engagement';

CREATE FUNCTION engagement_final(internal) RETURNS float8
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION engagement_final(internal) IS 'final function of aggregate engagement';

CREATE FUNCTION engagement_explain_final(internal) RETURNS score_part[]
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION engagement_explain_final(internal) IS 'final function of aggregate explain_engagement';

CREATE AGGREGATE engagement(scorecard scorecard, event text, at timestamptz, as_of timestamptz) (
	SFUNC = engagement_accumulate,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = engagement_final,
	COMBINEFUNC = engagement_combine,
	SERIALFUNC = engagement_serialize,
	DESERIALFUNC = engagement_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE engagement(scorecard, text, timestamptz, timestamptz) IS
'Points of one lead''s events at the moment as_of: points * 2^(-age / half_life) for each occurrence within the '
'rule''s window, of a limited rule the latest ones only, then rule caps, group caps, engagement_cap and '
'engagement_floor. Events after as_of do not count. Decimal arithmetic, exact to 10^-12 per event, so that order and '
'parallel plans change no bit; then the nearest float8. Rows without an event or a time add nothing; rows without a '
'scorecard or as_of are skipped; NULL when no row is left. Error when scorecard or as_of differ within a group, or '
'as_of is infinite.';

CREATE AGGREGATE explain_engagement(scorecard scorecard, event text, at timestamptz, as_of timestamptz) (
	SFUNC = engagement_accumulate,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = engagement_explain_final,
	COMBINEFUNC = engagement_combine,
	SERIALFUNC = engagement_serialize,
	DESERIALFUNC = engagement_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE explain_engagement(scorecard, text, timestamptz, timestamptz) IS
'The parts of engagement() with the same arguments: an element for each rule that has events, for each cap and floor '
'that took effect, and for events that did not count; their points add up to engagement() exactly. Read it with '
'unnest(). NULL when engagement() is.';

CREATE FUNCTION engagement_of_events(scorecard scorecard, events text[], times timestamptz[], as_of timestamptz) RETURNS float8
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION engagement_of_events(scorecard, text[], timestamptz[], timestamptz) IS
'engagement() of events that are at hand as arrays: what the rows of unnest(events, times) that are not after as_of come to. An event that is NULL '
'adds nothing; NULL without such a row, or with a NULL argument. Error when the arrays are not of one length, or as_of is infinite.';

-- Total, grade, hand-off

CREATE FUNCTION score(scorecard scorecard, fit float8, engagement float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'scorecard_score' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION score(scorecard, float8, float8) IS
'fit + engagement, within total_cap and total_floor. A NULL part has no points, as a lead without events; NULL when '
'both are, or without a scorecard. Error on NaN and infinity.';

CREATE FUNCTION grade(scorecard scorecard, fit float8, engagement float8) RETURNS text
	AS 'MODULE_PATHNAME', 'scorecard_grade' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION grade(scorecard, float8, float8) IS
'The grade, from A1 (best) to D4: a letter for fit, a digit for engagement, each the first whose least points are '
'reached. Only one of the two when the card has grades for one part; NULL without grades, without a scorecard, and '
'when both parts are NULL; one NULL part has no points. Error on NaN and infinity.';

CREATE FUNCTION hand_off(scorecard scorecard, fit float8, engagement float8) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scorecard_hand_off' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hand_off(scorecard, float8, float8) IS
'Is the lead past the threshold that hands it to sales? True when all that one of the card''s hand_off conditions '
'asks for holds. NULL without hand_off, without a scorecard, and when both parts are NULL; one NULL part has no '
'points. Error on NaN and infinity.';
