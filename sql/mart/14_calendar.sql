-- Weeks, fiscal quarters and fiscal years, named by their first days: a label such as FY2026 means two things in two companies.

CREATE FUNCTION fiscal_quarter(day date, fiscal_year_start integer)
RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION fiscal_quarter(date, integer) IS
'First day of the quarter that a day is in, when the fiscal year begins with the month fiscal_year_start (1 to 12). NULL for NULL.';

CREATE FUNCTION fiscal_year(day date, fiscal_year_start integer)
RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION fiscal_year(date, integer) IS
'First day of the fiscal year that a day is in, when it begins with the month fiscal_year_start (1 to 12). NULL for NULL.';

CREATE FUNCTION is_day(moment timestamptz, time_zone text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- Where clocks change at midnight a day may begin at 1:00.
RETURN timezone(time_zone, moment)::time = '00:00' OR timezone(time_zone, date_trunc('day', timezone(time_zone, moment))) = moment;
COMMENT ON FUNCTION is_day(timestamptz, text) IS
'Whether a time is a day without an hour: exactly when the day begins in the time zone, as a mapped date is read and as CRMs export days.';

CREATE FUNCTION next_day(moment timestamptz, time_zone text)
RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN timezone(time_zone, date_trunc('day', timezone(time_zone, moment)) + interval '1 day');
COMMENT ON FUNCTION next_day(timestamptz, text) IS 'When the day that a time is in ends, in the time zone.';
