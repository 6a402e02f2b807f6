-- economics: what a lead costs and what it is worth.
--
-- Money is numeric, in whatever currency goes in, and so are counts, since sum(bigint) is. A zero denominator gives NULL,
-- never 0 or an error.
--
-- Each formula also takes float8, as drivers and spreadsheets have it; the result is numeric all the same. With both
-- forms a call of integers or of literals is not ambiguous: PostgreSQL prefers float8 then; bigint keeps its digits.

-- Argument checks

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

CREATE FUNCTION economics_decimal(value float8) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION economics_decimal(float8) IS
'The same number in as few digits as tell it from any other float8: 0.1 is 0.1. Used by the formulas.';

-- Unit costs

-- FOR EACH number, as: numeric ; (none) | bigint ; (none) | float8 ; economics_decimal
CREATE FUNCTION cpl(spend {number}, leads {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount({as}(spend), 'spend') / nullif(economics_quantity({as}(leads), 'leads'), 0);
COMMENT ON FUNCTION cpl({number}, {number}) IS
'Cost per lead: spend / leads, money. NULL without leads; error on negative spend or leads.';

CREATE FUNCTION cost_per(spend {number}, count {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount({as}(spend), 'spend') / nullif(economics_quantity({as}(count), 'count'), 0);
COMMENT ON FUNCTION cost_per({number}, {number}) IS
'Cost per item of any stage (MQL, SQL, opportunity): spend / count, money. NULL at a zero count; error on negative '
'spend or count.';

CREATE FUNCTION cac(spend {number}, won {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount({as}(spend), 'spend') / nullif(economics_quantity({as}(won), 'won'), 0);
COMMENT ON FUNCTION cac({number}, {number}) IS
'Customer acquisition cost: spend / won, money. NULL without customers; error on negative spend or won.';

-- What comes back

CREATE FUNCTION revenue_per_lead(revenue {number}, leads {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number({as}(revenue), 'revenue') / nullif(economics_quantity({as}(leads), 'leads'), 0);
COMMENT ON FUNCTION revenue_per_lead({number}, {number}) IS
'revenue / leads, money. Revenue may be negative when refunds prevail. NULL without leads; error on negative leads.';

CREATE FUNCTION average_deal(revenue {number}, won {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number({as}(revenue), 'revenue') / nullif(economics_quantity({as}(won), 'won'), 0);
COMMENT ON FUNCTION average_deal({number}, {number}) IS
'revenue / won deals, money. Revenue may be negative when refunds prevail. NULL without won deals; error on negative '
'won.';

CREATE FUNCTION roas(revenue {number}, spend {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number({as}(revenue), 'revenue') / nullif(economics_amount({as}(spend), 'spend'), 0);
COMMENT ON FUNCTION roas({number}, {number}) IS
'Return on ad spend: revenue / spend, a ratio equal to revenue_per_lead / cpl. NULL without spend; error on negative '
'spend.';

CREATE FUNCTION romi(revenue {number}, spend {number}, margin {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (economics_number({as}(revenue), 'revenue') * economics_fraction({as}(margin), 'margin') - {as}(spend))
		/ nullif(economics_amount({as}(spend), 'spend'), 0);
COMMENT ON FUNCTION romi({number}, {number}, {number}) IS
'Return on marketing investment: (revenue * margin - spend) / spend, a ratio; 0 breaks even. margin is the gross '
'margin as a fraction 0..1. NULL without spend; error on negative spend or a margin outside 0..1.';

CREATE FUNCTION break_even_cpl(revenue_per_lead {number}, margin {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_number({as}(revenue_per_lead), 'revenue_per_lead') * economics_fraction({as}(margin), 'margin');
COMMENT ON FUNCTION break_even_cpl({number}, {number}) IS
'The cost per lead at which leads earn their cost and no more: revenue_per_lead * margin, money. margin is the gross '
'margin as a fraction 0..1; error outside.';

-- Over time

CREATE FUNCTION payback_months(cac {number}, arpa {number}, margin {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount({as}(cac), 'cac')
		/ nullif(economics_amount({as}(arpa), 'arpa') * economics_fraction({as}(margin), 'margin'), 0);
COMMENT ON FUNCTION payback_months({number}, {number}, {number}) IS
'Months until a customer has paid back its acquisition: cac / (arpa * margin). arpa is revenue per account and '
'month, margin the gross margin as a fraction 0..1. NULL when nothing comes back; error on a negative amount or a '
'margin outside 0..1.';

CREATE FUNCTION ltv(arpa {number}, margin {number}, churn {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_amount({as}(arpa), 'arpa') * economics_fraction({as}(margin), 'margin')
		/ nullif(economics_fraction({as}(churn), 'churn'), 0);
COMMENT ON FUNCTION ltv({number}, {number}, {number}) IS
'Lifetime value of a customer: arpa * margin / churn, money. arpa and churn refer to the same period, usually a '
'month; margin and churn are fractions 0..1. NULL without churn; error on a negative amount or a fraction outside '
'0..1.';

CREATE FUNCTION pipeline_velocity(open_opportunities {number}, win_rate {number}, average_deal {number},
		cycle_days {number}) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN economics_quantity({as}(open_opportunities), 'open_opportunities')
		* economics_fraction({as}(win_rate), 'win_rate')
		* economics_number({as}(average_deal), 'average_deal')
		/ nullif(economics_amount({as}(cycle_days), 'cycle_days'), 0);
COMMENT ON FUNCTION pipeline_velocity({number}, {number}, {number}, {number}) IS
'Revenue that the pipeline yields per day: open_opportunities * win_rate * average_deal / cycle_days, money. '
'win_rate is won / closed as a fraction 0..1. NULL for a cycle of zero days; error on a negative count or duration '
'or a win_rate outside 0..1.';

-- END EACH
-- How sure a unit cost is

-- FOR EACH number, symbol: numeric ; (none) | float8 ; _float8
CREATE FUNCTION cost_interval(spend {number}, conversions {number}, level float8 DEFAULT 0.95,
		OUT low float8, OUT high float8)
	AS 'MODULE_PATHNAME', 'cost_interval{symbol}' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cost_interval({number}, {number}, float8) IS
'Two-sided confidence interval of spend / conversions, money: spend over the exact Poisson bounds of the count '
'(Garwood 1936). high is Infinity without conversions; error on negative spend or conversions, or a level outside '
'0..1.';

CREATE FUNCTION compare_cost(spend0 {number}, count0 {number}, spend1 {number}, count1 {number}, level float8 DEFAULT 0.95,
		OUT ratio float8, OUT low float8, OUT high float8, OUT p_value float8)
	AS 'MODULE_PATHNAME', 'compare_cost{symbol}' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION compare_cost({number}, {number}, {number}, {number}, float8) IS
'Two unit costs compared: ratio = (spend1 / count1) / (spend0 / count0), above 1 when the second is dearer, with its '
'exact interval and two-sided p-value, counts being Poisson for a given spend (conditional test, Przyborowski and '
'Wilenski 1940; the smaller tail doubled). Without count0, ratio is NULL and low 0; without count1, ratio is NULL '
'and high Infinity; all NULL when both counts or a spend are 0. Error on negative spend or count, or a level outside '
'0..1.';

-- END EACH
