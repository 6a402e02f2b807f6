-- The letters of the languages that the views speak.

CREATE FUNCTION mart_text(escaped text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN convert_from
(
	-- Any other backslash stands for itself.
	decode(regexp_replace(escaped, '\\(?![23][0-7][0-7])', '\\\\', 'g'), 'escape'),
	CASE getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END
);
COMMENT ON FUNCTION mart_text(text) IS
'A text whose letters outside ASCII are written as the octal bytes of UTF-8 (backslash and three digits, 200 to 377), in the encoding of the '
'database; an error where that encoding does not have them. Any other backslash stands for itself.';
