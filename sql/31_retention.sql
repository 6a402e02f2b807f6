-- retention: who was seen, and seen again.

CREATE FUNCTION retention_accumulate(state bigint, VARIADIC conditions "any")
RETURNS bigint
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_accumulate(bigint, "any") IS 'transition function of retention';

CREATE FUNCTION retention_combine(left_state bigint, right_state bigint)
RETURNS bigint
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_combine(bigint, bigint) IS 'combine function of retention';

CREATE FUNCTION retention_final(state bigint, VARIADIC conditions "any")
RETURNS boolean[]
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_final(bigint, "any") IS 'final function of retention';

CREATE AGGREGATE retention(VARIADIC conditions "any")
(
	SFUNC = retention_accumulate,
	STYPE = bigint,
	INITCOND = '0',
	FINALFUNC = retention_final,
	FINALFUNC_EXTRA,
	COMBINEFUNC = retention_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention("any") IS
'element 1: a row of the group met condition 1; element k: rows met condition 1 and condition k, in any order; 1 to '
'32 conditions, NULL = false; never NULL, all false without rows';
