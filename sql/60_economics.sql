-- economics: what a lead costs and what it is worth.
--
-- Money is numeric, in whatever currency goes in; counts are bigint. A zero denominator gives NULL, never 0 or an error.

-- Argument checks

CREATE FUNCTION economics_count(value bigint, argument text) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION economics_count(bigint, text) IS
'The value itself; error naming the argument when it is negative. Used by the formulas.';

CREATE FUNCTION economics_amount(value numeric, argument text) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION economics_amount(numeric, text) IS
'The value itself; error naming the argument when it is negative, NaN or infinite. Used by the formulas.';

CREATE FUNCTION economics_quantity(value numeric, argument text) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION economics_quantity(numeric, text) IS
'The value itself; error naming the argument when it is negative, NaN or infinite. Used by the formulas for counts '
'that may have a fraction.';

CREATE FUNCTION economics_number(value numeric, argument text) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION economics_number(numeric, text) IS
'The value itself; error naming the argument when it is NaN or infinite. Used by the formulas.';

CREATE FUNCTION economics_fraction(value numeric, argument text) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION economics_fraction(numeric, text) IS
'The value itself; error naming the argument when it lies outside 0..1. Used by the formulas.';

-- Unit costs

CREATE FUNCTION cpl(spend numeric, leads bigint) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount(spend, 'spend') / nullif(economics_count(leads, 'leads'), 0);
COMMENT ON FUNCTION cpl(numeric, bigint) IS
'Cost per lead: spend / leads, money. NULL without leads; error on negative spend or leads.';

CREATE FUNCTION cost_per(spend numeric, count bigint) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount(spend, 'spend') / nullif(economics_count(count, 'count'), 0);
COMMENT ON FUNCTION cost_per(numeric, bigint) IS
'Cost per item of any stage (MQL, SQL, opportunity): spend / count, money. NULL at a zero count; error on negative '
'spend or count.';

CREATE FUNCTION cac(spend numeric, won bigint) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount(spend, 'spend') / nullif(economics_count(won, 'won'), 0);
COMMENT ON FUNCTION cac(numeric, bigint) IS
'Customer acquisition cost: spend / won, money. NULL without customers; error on negative spend or won.';

CREATE FUNCTION cost_interval(spend numeric, conversions bigint, level float8 DEFAULT 0.95,
		OUT low float8, OUT high float8)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cost_interval(numeric, bigint, float8) IS
'Two-sided confidence interval of spend / conversions, money: spend over the exact Poisson bounds of the count '
'(Garwood 1936). high is Infinity without conversions; error on negative spend or conversions, or a level outside '
'0..1.';

CREATE FUNCTION compare_cost(spend0 numeric, count0 bigint, spend1 numeric, count1 bigint, level float8 DEFAULT 0.95,
		OUT ratio float8, OUT low float8, OUT high float8, OUT p_value float8)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION compare_cost(numeric, bigint, numeric, bigint, float8) IS
'Two unit costs compared: ratio = (spend1 / count1) / (spend0 / count0), above 1 when the second is dearer, with its '
'exact interval and two-sided p-value, counts being Poisson for a given spend (conditional test, Przyborowski and '
'Wilenski 1940; the smaller tail doubled). Without count0, ratio is NULL and low 0; without count1, ratio is NULL '
'and high Infinity; all NULL when both counts or a spend are 0. Error on negative spend or count, or a level outside '
'0..1.';

-- What comes back

CREATE FUNCTION revenue_per_lead(revenue numeric, leads bigint) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number(revenue, 'revenue') / nullif(economics_count(leads, 'leads'), 0);
COMMENT ON FUNCTION revenue_per_lead(numeric, bigint) IS
'revenue / leads, money. Revenue may be negative when refunds prevail. NULL without leads; error on negative leads.';

CREATE FUNCTION average_deal(revenue numeric, won bigint) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number(revenue, 'revenue') / nullif(economics_count(won, 'won'), 0);
COMMENT ON FUNCTION average_deal(numeric, bigint) IS
'revenue / won deals, money. Revenue may be negative when refunds prevail. NULL without won deals; error on negative '
'won.';

CREATE FUNCTION roas(revenue numeric, spend numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number(revenue, 'revenue') / nullif(economics_amount(spend, 'spend'), 0);
COMMENT ON FUNCTION roas(numeric, numeric) IS
'Return on ad spend: revenue / spend, a ratio equal to revenue_per_lead / cpl. NULL without spend; error on negative '
'spend.';

CREATE FUNCTION romi(revenue numeric, spend numeric, margin numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (economics_number(revenue, 'revenue') * economics_fraction(margin, 'margin') - spend)
		/ nullif(economics_amount(spend, 'spend'), 0);
COMMENT ON FUNCTION romi(numeric, numeric, numeric) IS
'Return on marketing investment: (revenue * margin - spend) / spend, a ratio; 0 breaks even. margin is the gross '
'margin as a fraction 0..1. NULL without spend; error on negative spend or a margin outside 0..1.';

CREATE FUNCTION break_even_cpl(revenue_per_lead numeric, margin numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number(revenue_per_lead, 'revenue_per_lead') * economics_fraction(margin, 'margin');
COMMENT ON FUNCTION break_even_cpl(numeric, numeric) IS
'The cost per lead at which leads earn their cost and no more: revenue_per_lead * margin, money. margin is the gross '
'margin as a fraction 0..1; error outside.';

-- Over time

CREATE FUNCTION payback_months(cac numeric, arpa numeric, margin numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount(cac, 'cac')
		/ nullif(economics_amount(arpa, 'arpa') * economics_fraction(margin, 'margin'), 0);
COMMENT ON FUNCTION payback_months(numeric, numeric, numeric) IS
'Months until a customer has paid back its acquisition: cac / (arpa * margin). arpa is revenue per account and '
'month, margin the gross margin as a fraction 0..1. NULL when nothing comes back; error on a negative amount or a '
'margin outside 0..1.';

CREATE FUNCTION ltv(arpa numeric, margin numeric, churn numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount(arpa, 'arpa') * economics_fraction(margin, 'margin')
		/ nullif(economics_fraction(churn, 'churn'), 0);
COMMENT ON FUNCTION ltv(numeric, numeric, numeric) IS
'Lifetime value of a customer: arpa * margin / churn, money. arpa and churn refer to the same period, usually a '
'month; margin and churn are fractions 0..1. NULL without churn; error on a negative amount or a fraction outside '
'0..1.';

CREATE FUNCTION pipeline_velocity(open_opportunities bigint, win_rate numeric, average_deal numeric,
		cycle_days numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_count(open_opportunities, 'open_opportunities')
		* economics_fraction(win_rate, 'win_rate')
		* economics_number(average_deal, 'average_deal')
		/ nullif(economics_amount(cycle_days, 'cycle_days'), 0);
COMMENT ON FUNCTION pipeline_velocity(bigint, numeric, numeric, numeric) IS
'Revenue that the pipeline yields per day: open_opportunities * win_rate * average_deal / cycle_days, money. '
'win_rate is won / closed as a fraction 0..1. NULL for a cycle of zero days; error on a negative count or duration '
'or a win_rate outside 0..1.';
