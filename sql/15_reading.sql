-- reading: what exports contain, read without a guess and without the session's settings.
--
-- Three functions a kind: parse_ raises an error for what cannot be read, try_parse_ gives NULL for it, and _problem says why. All of
-- them give NULL for NULL and for blanks, and raise an error for a format or a time zone that is none.

-- Amounts

-- FOR EACH more, types, with_format: (none) ; (none) ; the format that the value shows by itself | , format text ; , text ; the marks that format shows
CREATE FUNCTION parse_amount(amount text{more}) RETURNS numeric
	AS 'MODULE_PATHNAME', 'parse_amount' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION parse_amount(text{types}) IS
'An amount of money from text, by {with_format}: currency signs and codes, K, M, Mio, Mrd, bn, lakh, crore, minus before or behind, '
'parentheses, blanks and apostrophes between thousands. format is a sample that shows both marks, such as 1.234,56. Error for what cannot '
'be read in exactly one way, as 1.234 without a format.';

CREATE FUNCTION try_parse_amount(amount text{more}) RETURNS numeric
	AS 'MODULE_PATHNAME', 'try_parse_amount' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION try_parse_amount(text{types}) IS
'As parse_amount, but NULL for what cannot be read; amount_problem says why.';

CREATE FUNCTION amount_problem(amount text{more}) RETURNS text
	AS 'MODULE_PATHNAME', 'amount_problem' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION amount_problem(text{types}) IS
'Why parse_amount cannot read the text; NULL when it can, or when it is blank.';

-- END EACH
-- Days and times

-- FOR EACH more, types, written: (none) ; (none) ; ISO 8601 (2026-01-31) | , format text ; , text ; format, in to_date''s patterns
CREATE FUNCTION parse_day(day text{more}) RETURNS date
	AS 'MODULE_PATHNAME', 'parse_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION parse_day(text{types}) IS
'A day from text, written as in {written}. Error for what is not exactly so, and for days that there are not. A year of two digits is '
'1970 to 2069.';

CREATE FUNCTION try_parse_day(day text{more}) RETURNS date
	AS 'MODULE_PATHNAME', 'try_parse_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION try_parse_day(text{types}) IS
'As parse_day, but NULL for what cannot be read; day_problem says why.';

CREATE FUNCTION day_problem(day text{more}) RETURNS text
	AS 'MODULE_PATHNAME', 'day_problem' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION day_problem(text{types}) IS
'Why parse_day cannot read the text; NULL when it can, or when it is blank.';

-- END EACH
-- FOR EACH more, types, written: (none) ; (none) ; ISO 8601 (2026-01-31 09:30:00) | format text, ; text, ; format, in to_timestamp''s patterns
CREATE FUNCTION parse_time("time" text, {more} time_zone text) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'parse_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION parse_time(text, {types} text) IS
'A moment from text, written as in {written}; without an offset in it, as the clocks of time_zone show it. Error for what is not exactly '
'so, and for times that clocks showed never or twice because they were changed.';

CREATE FUNCTION try_parse_time("time" text, {more} time_zone text) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'try_parse_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION try_parse_time(text, {types} text) IS
'As parse_time, but NULL for what cannot be read; time_problem says why.';

CREATE FUNCTION time_problem("time" text, {more} time_zone text) RETURNS text
	AS 'MODULE_PATHNAME', 'time_problem' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION time_problem(text, {types} text) IS
'Why parse_time cannot read the text; NULL when it can, or when it is blank.';

-- END EACH
CREATE FUNCTION is_time_zone(name text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_time_zone(text) IS
'Whether the text is the name of a time zone (pg_timezone_names). Offsets and abbreviations are none, nor are names that are abbreviations '
'too (CET, EST, ...) or mean something else on another server (localtime).';

CREATE FUNCTION checked_time_zone(name text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION checked_time_zone(text) IS
'True for the name of a time zone; an error with a hint for anything else: for constraints.';

-- Who a lead is

CREATE FUNCTION normalize_email(email text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normalize_email(text) IS
'The mailbox behind an address: lower case (ASCII), outer white space, invisible blanks and a +tag removed, mailto: and a name before <...> '
'too, dots in the local part of gmail.com ignored, googlemail.com = gmail.com. NULL for what is not an address (no single @ with something '
'on both sides), so that placeholders such as "n/a" never make two leads the same.';

CREATE FUNCTION normalize_phone(phone text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normalize_phone(text) IS
'The digits of a telephone number, behind a + where its country is given (+ or 00): without signs, a label before, an extension behind, and '
'the (0) that is not dialled from abroad. NULL for what is no number: fewer than 7 digits or more than 15, only one digit again and again, or a country '
'that begins with 0.';

CREATE FUNCTION normalize_phone(phone text, country text) RETURNS text
	AS 'MODULE_PATHNAME', 'normalize_phone_country' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normalize_phone(text, text) IS
'The same; a number without its country is taken to be of the one that has this calling code, as +49, and gets it instead of the 0 before it.';

-- Names, and which are likely the same

CREATE FUNCTION trim_blanks(name text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION trim_blanks(text) IS
'The text without the blanks around it: also line ends, no-break spaces, and what has no width, as a byte order mark.';

CREATE FUNCTION edit_distance(one text, other text, "limit" integer) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION edit_distance(text, text, integer) IS
'How many letters are to be put in, left out or changed to make one text of the other (Levenshtein); NULL beyond the limit. Error for texts '
'of more than 255 letters.';

CREATE FUNCTION near_names(names text[], OUT name text, OUT other text) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION near_names(text[]) IS
'Pairs of names that are likely the same by a typing error: the same letters and digits but for case, blanks and punctuation (each with the '
'first of its like), or letters put in, left out, changed or swapped, 1 of 5 or more letters, 2 of 9, 3 of 16. Names whose digits differ are '
'not near, nor are those that differ in a word of fewer than 5 letters. Every pair is compared: 2000 names take about 30 ms.';
