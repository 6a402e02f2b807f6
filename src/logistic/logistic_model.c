/*
 * logistic_model.c
 *	  The logistic model as a value: decode, encode, print, parse.
 */
#include "logistic_model.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/json.h"
#include "utils/numeric.h"

#define TYPE_NAME "logistic_model"
#define WIRE_VERSION 1

const char *const logistic_ignored_names[LOGISTIC_IGNORED_REASONS] = {
	"null_converted",
	"null_features",
};

/* ---------- terms ---------- */

int
logistic_attribute_terms(const LogisticAttribute *attribute)
{
	/* Levels are told from the first, or from those that lack them when there is no other. */
	return (attribute->is_number ? 1 : attribute->level_count - 1) + attribute->has_missing;
}

const char **
logistic_term_names(const LogisticAttribute *attributes, int attribute_count, int term_count)
{
	const char **names = palloc(mul_size(Max(term_count, 1), sizeof(char *)));
	int next = 0;

	for (int i = 0; attribute_count == 0 && i < term_count; i++)
		names[next++] = psprintf("x%d", i + 1);
	for (int i = 0; i < attribute_count; i++)
	{
		const LogisticAttribute *attribute = &attributes[i];

		if (attribute->is_number)
			names[next++] = attribute->name;
		for (int level = 1; level < attribute->level_count; level++)
			names[next++] = psprintf("%s=%s", attribute->name, attribute->levels[level]);
		if (attribute->has_missing)
			names[next++] = psprintf("%s=" MISSING_LEVEL, attribute->name);
	}
	Assert(next == term_count);
	return names;
}

int
logistic_level(const LogisticAttribute *attribute, const char *text, int length)
{
	int low = 0;
	int high = attribute->level_count - 1;

	while (low <= high)
	{
		int middle = (low + high) / 2;
		const char *level = attribute->levels[middle];
		int order = strncmp(level, text, length);

		if (order == 0 && level[length] == '\0')
			return middle;
		if (order >= 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}

JsonbContainer *
logistic_attributes_of(Jsonb *json)
{
	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the attributes of a lead must be a JSON object"),
				 errhint("Write them as in '{\"employees\": 120, \"industry\": \"retail\"}'.")));
	return &json->root;
}

bool
logistic_numeral(const char *text, int length, double *number)
{
	char digits[41];
	int at = length > 0 && text[0] == '-' ? 1 : 0;
	int begin = at;

	if (length >= (int) sizeof(digits))
		return false;
	while (at < length && text[at] >= '0' && text[at] <= '9')
		at++;
	if (at == begin || (text[begin] == '0' && at > begin + 1))
		return false;
	if (at < length && text[at] == '.')
	{
		begin = ++at;
		while (at < length && text[at] >= '0' && text[at] <= '9')
			at++;
		if (at == begin)
			return false;
	}
	if (at < length)
		return false;
	memcpy(digits, text, length);
	digits[length] = '\0';
	/* Adding zero turns -0 into 0. */
	*number = strtod(digits, NULL) + 0.0;
	return true;
}

LogisticScalar
logistic_scalar(const JsonbValue *value, const char *attribute, double *number, const char **text,
				int *length)
{
	char *digits;

	if (value == NULL || value->type == jbvNull)
		return LOGISTIC_MISSING;
	switch (value->type)
	{
		case jbvString:
			*text = value->val.string.val;
			*length = value->val.string.len;
			return LOGISTIC_TEXT;
		case jbvBool:
			*text = value->val.boolean ? "true" : "false";
			*length = value->val.boolean ? 4 : 5;
			return LOGISTIC_TEXT;
		case jbvNumeric:
			digits = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
			/* Adding zero turns -0 into 0. */
			*number = strtod(digits, NULL) + 0.0;
			if (!isfinite(*number))
				ereport(ERROR,
						(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						 errmsg("attribute \"%s\" is a number beyond the range of float8", attribute),
						 errhint("Write it in another unit, or leave it out.")));
			pfree(digits);
			return LOGISTIC_NUMBER;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("attribute \"%s\" is an array or an object", attribute),
					 errhint("Take a number, a text or a boolean out of it.")));
	}
}

/* ---------- what must hold ---------- */

static const char *
logistic_contradiction(const void *value)
{
	const LogisticModel *model = value;

	for (int i = 0; i < model->attribute_count; i++)
	{
		const LogisticAttribute *attribute = &model->attributes[i];

		for (int j = 0; j < i; j++)
			if (strcmp(attribute->name, model->attributes[j].name) == 0)
				return "an attribute is there twice";
		for (int level = 1; level < attribute->level_count; level++)
			if (strcmp(attribute->levels[level - 1], attribute->levels[level]) >= 0)
				return "levels are not in order";
	}
	return NULL;
}

/* ---------- decode, encode ---------- */

static double
get_float8(StringInfo in)
{
	double value = pq_getmsgfloat8(in);

	wire_check(!isnan(value), TYPE_NAME, "a number is NaN");
	/* The text form knows no -0. */
	return value + 0.0;
}

static double
get_finite(StringInfo in)
{
	double value = get_float8(in);

	wire_check(!isinf(value), TYPE_NAME, "a number is infinite");
	return value;
}

static double
get_positive(StringInfo in)
{
	double value = get_float8(in);

	wire_check(value >= 0, TYPE_NAME, "a number is negative");
	return value;
}

static void
decode_attribute(StringInfo in, LogisticAttribute *attribute)
{
	int flags;

	attribute->name = wire_get_text(in, TYPE_NAME);
	flags = pq_getmsgbyte(in);
	wire_check((flags & ~3) == 0, TYPE_NAME, "unknown kind of attribute");
	attribute->is_number = (flags & 1) != 0;
	attribute->has_missing = (flags & 2) != 0;
	if (attribute->is_number)
		return;
	attribute->level_count = wire_get_count(in, TYPE_NAME, 1, LOGISTIC_MAX_LEVELS);
	wire_check(attribute->level_count > 0, TYPE_NAME, "an attribute without levels");
	attribute->levels = palloc(mul_size(attribute->level_count, sizeof(char *)));
	for (int level = 0; level < attribute->level_count; level++)
		attribute->levels[level] = wire_get_text(in, TYPE_NAME);
}

static void *
logistic_decode(StringInfo in)
{
	LogisticModel *model = palloc0(sizeof(LogisticModel));

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	model->ridge = get_positive(in);
	wire_check(isfinite(model->ridge), TYPE_NAME, "an infinite ridge");
	for (int reason = 0; reason < LOGISTIC_IGNORED_REASONS; reason++)
		model->ignored[reason] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	model->converted = wire_get_int64(in, TYPE_NAME, LOGISTIC_MAX_LEADS);
	model->others = wire_get_int64(in, TYPE_NAME, LOGISTIC_MAX_LEADS - model->converted);
	model->iterations = (int) wire_get_int64(in, TYPE_NAME, PG_INT32_MAX);
	model->deviance = get_positive(in);
	model->null_deviance = get_positive(in);
	wire_check(isfinite(model->deviance) && isfinite(model->null_deviance), TYPE_NAME,
			   "an infinite deviance");
	model->condition_number = get_positive(in);
	model->attribute_count = wire_get_count(in, TYPE_NAME, 2, LOGISTIC_MAX_TERMS);
	model->attributes = palloc0(mul_size(Max(model->attribute_count, 1), sizeof(LogisticAttribute)));
	for (int i = 0; i < model->attribute_count; i++)
	{
		decode_attribute(in, &model->attributes[i]);
		model->term_count += logistic_attribute_terms(&model->attributes[i]);
	}
	if (model->attribute_count == 0)
		model->term_count = (int) wire_get_int64(in, TYPE_NAME, LOGISTIC_MAX_TERMS);
	wire_check(model->term_count <= LOGISTIC_MAX_TERMS, TYPE_NAME, "too many terms");
	model->means = palloc(mul_size(Max(model->term_count, 1), sizeof(double)));
	model->coefficients = palloc(mul_size(model->term_count + 1, sizeof(double)));
	model->std_errors = palloc(mul_size(model->term_count + 1, sizeof(double)));
	for (int i = 0; i <= model->term_count; i++)
	{
		model->coefficients[i] = get_finite(in);
		model->std_errors[i] = get_positive(in);
		if (i > 0)
			model->means[i - 1] = get_finite(in);
	}
	return model;
}

static void
logistic_encode(const void *value, StringInfo out)
{
	const LogisticModel *model = value;

	wire_put_version(out, WIRE_VERSION);
	pq_sendfloat8(out, model->ridge);
	for (int reason = 0; reason < LOGISTIC_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) model->ignored[reason]);
	wire_put_varint(out, (uint64) model->converted);
	wire_put_varint(out, (uint64) model->others);
	wire_put_varint(out, (uint64) model->iterations);
	pq_sendfloat8(out, model->deviance);
	pq_sendfloat8(out, model->null_deviance);
	pq_sendfloat8(out, model->condition_number);
	wire_put_varint(out, (uint64) model->attribute_count);
	for (int i = 0; i < model->attribute_count; i++)
	{
		const LogisticAttribute *attribute = &model->attributes[i];

		wire_put_text(out, attribute->name);
		pq_sendbyte(out, (uint8) (attribute->is_number | attribute->has_missing << 1));
		if (attribute->is_number)
			continue;
		wire_put_varint(out, (uint64) attribute->level_count);
		for (int level = 0; level < attribute->level_count; level++)
			wire_put_text(out, attribute->levels[level]);
	}
	if (model->attribute_count == 0)
		wire_put_varint(out, (uint64) model->term_count);
	for (int i = 0; i <= model->term_count; i++)
	{
		pq_sendfloat8(out, model->coefficients[i]);
		pq_sendfloat8(out, model->std_errors[i]);
		if (i > 0)
			pq_sendfloat8(out, model->means[i - 1]);
	}
}

/* ---------- text form ---------- */

/* What is not known, for terms that are constant or collinear under a ridge, is infinite, in JSON null. */
static void
print_known(StringInfo out, double value)
{
	if (isinf(value))
		appendStringInfoString(out, "null");
	else
		summary_print_float8(out, value);
}

static void
print_floats(StringInfo out, const char *key, const double *values, int count)
{
	appendStringInfo(out, ", \"%s\": [", key);
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		print_known(out, values[i]);
	}
	appendStringInfoChar(out, ']');
}

static void
print_float(StringInfo out, const char *key, double value)
{
	appendStringInfo(out, ", \"%s\": ", key);
	print_known(out, value);
}

static void
logistic_print(const void *value, StringInfo out)
{
	const LogisticModel *model = value;

	appendStringInfo(out, "{\"version\": %d", SUMMARY_TEXT_VERSION);
	print_float(out, "ridge", model->ridge);
	summary_print_counts(out, "ignored", logistic_ignored_names, model->ignored, LOGISTIC_IGNORED_REASONS);
	appendStringInfo(out,
					 ", \"converted\": " INT64_FORMAT ", \"others\": " INT64_FORMAT ", \"iterations\": %d",
					 model->converted, model->others, model->iterations);
	print_float(out, "deviance", model->deviance);
	print_float(out, "null_deviance", model->null_deviance);
	print_float(out, "condition_number", model->condition_number);
	appendStringInfoString(out, ", \"attributes\": [");
	for (int i = 0; i < model->attribute_count; i++)
	{
		const LogisticAttribute *attribute = &model->attributes[i];

		appendStringInfoString(out, i > 0 ? ", {\"name\": " : "{\"name\": ");
		escape_json(out, attribute->name);
		appendStringInfo(out, ", \"has_missing\": %s", attribute->has_missing ? "true" : "false");
		if (!attribute->is_number)
		{
			appendStringInfoString(out, ", \"levels\": [");
			for (int level = 0; level < attribute->level_count; level++)
			{
				if (level > 0)
					appendStringInfoString(out, ", ");
				escape_json(out, attribute->levels[level]);
			}
			appendStringInfoChar(out, ']');
		}
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
	print_floats(out, "coefficients", model->coefficients, model->term_count + 1);
	print_floats(out, "std_errors", model->std_errors, model->term_count + 1);
	print_floats(out, "means", model->means, model->term_count);
	appendStringInfoChar(out, '}');
}

/* The inverse of print_known. */
static bool
parse_known(const SummaryReader *reader, const JsonbValue *value, const char *key, bool may_be_unknown,
			double *result)
{
	if (value->type == jbvNull && may_be_unknown)
	{
		*result = get_float8_infinity();
		return true;
	}
	if (!summary_json_float8(reader, value, key, result))
		return false;
	return isfinite(*result) || summary_json_error(reader, psprintf("\"%s\" is out of range", key));
}

static bool
parse_float(const SummaryReader *reader, JsonbContainer *object, const char *key, bool may_be_unknown,
			double *result)
{
	JsonbValue value;

	if (!summary_json_member(reader, object, key, &value) ||
		!parse_known(reader, &value, key, may_be_unknown, result))
		return false;
	if (*result < 0)
		return summary_json_error(reader, psprintf("\"%s\" is out of range", key));
	*result += 0.0;
	return true;
}

static bool
parse_floats(const SummaryReader *reader, JsonbContainer *root, const char *key, int count,
			 bool may_be_negative, double **result)
{
	JsonbContainer *array;
	int length;

	if (!summary_json_array(reader, root, key, PG_INT32_MAX, &array, &length))
		return false;
	if (length != count)
		return summary_json_error(reader, psprintf("\"%s\" must have %d numbers", key, count));
	*result = palloc(mul_size(Max(count, 1), sizeof(double)));
	for (int i = 0; i < count; i++)
	{
		if (!parse_known(reader, getIthJsonbValueFromContainer(array, i), key, !may_be_negative,
						 &(*result)[i]))
			return false;
		if (!may_be_negative && (*result)[i] < 0)
			return summary_json_error(reader, psprintf("\"%s\" is out of range", key));
	}
	return true;
}

static bool
parse_attribute(const SummaryReader *reader, const JsonbValue *value, LogisticAttribute *attribute)
{
	JsonbContainer *object = summary_json_object(value);
	JsonbContainer *levels;
	JsonbValue name;
	JsonbValue has_missing;

	if (object == NULL)
		return summary_json_error(reader, "\"attributes\" must hold objects");
	if (!summary_json_text(reader, object, "name", &name) ||
		!summary_json_member(reader, object, "has_missing", &has_missing))
		return false;
	if (has_missing.type != jbvBool)
		return summary_json_error(reader, "\"has_missing\" must be true or false");
	attribute->name = pnstrdup(name.val.string.val, name.val.string.len);
	attribute->has_missing = has_missing.val.boolean;
	attribute->is_number = getKeyJsonValueFromContainer(object, "levels", 6, NULL) == NULL;
	if (attribute->is_number)
		return true;
	if (!summary_json_array(reader, object, "levels", LOGISTIC_MAX_LEVELS, &levels, &attribute->level_count))
		return false;
	if (attribute->level_count < 1)
		return summary_json_error(reader, "an attribute without levels");
	attribute->levels = palloc(mul_size(attribute->level_count, sizeof(char *)));
	for (int level = 0; level < attribute->level_count; level++)
	{
		JsonbValue *text = getIthJsonbValueFromContainer(levels, level);

		if (text->type != jbvString)
			return summary_json_error(reader, "a level must be a string");
		attribute->levels[level] = pnstrdup(text->val.string.val, text->val.string.len);
	}
	return true;
}

static void *
logistic_parse(const SummaryReader *reader, JsonbContainer *root)
{
	LogisticModel *model = palloc0(sizeof(LogisticModel));
	JsonbContainer *array;
	int64 iterations;

	if (!summary_json_version(reader, root) || !parse_float(reader, root, "ridge", false, &model->ridge) ||
		!summary_json_counts(reader, root, "ignored", logistic_ignored_names, model->ignored,
							 LOGISTIC_IGNORED_REASONS) ||
		!summary_json_integer(reader, root, "converted", 0, LOGISTIC_MAX_LEADS, &model->converted) ||
		!summary_json_integer(reader, root, "others", 0, LOGISTIC_MAX_LEADS - model->converted,
							  &model->others) ||
		!summary_json_integer(reader, root, "iterations", 0, PG_INT32_MAX, &iterations) ||
		!parse_float(reader, root, "deviance", false, &model->deviance) ||
		!parse_float(reader, root, "null_deviance", false, &model->null_deviance) ||
		!parse_float(reader, root, "condition_number", true, &model->condition_number) ||
		!summary_json_array(reader, root, "attributes", LOGISTIC_MAX_TERMS, &array, &model->attribute_count))
		return NULL;
	model->iterations = (int) iterations;
	model->attributes = palloc0(mul_size(Max(model->attribute_count, 1), sizeof(LogisticAttribute)));
	for (int i = 0; i < model->attribute_count; i++)
	{
		if (!parse_attribute(reader, getIthJsonbValueFromContainer(array, i), &model->attributes[i]))
			return NULL;
		model->term_count += logistic_attribute_terms(&model->attributes[i]);
	}
	if (model->attribute_count == 0 &&
		!summary_json_array(reader, root, "means", PG_INT32_MAX, &array, &model->term_count))
		return NULL;
	if (model->term_count > LOGISTIC_MAX_TERMS)
		return summary_json_refuse(reader, "the model has too many terms");
	if (!parse_floats(reader, root, "coefficients", model->term_count + 1, true, &model->coefficients) ||
		!parse_floats(reader, root, "std_errors", model->term_count + 1, false, &model->std_errors) ||
		!parse_floats(reader, root, "means", model->term_count, true, &model->means))
		return NULL;
	return model;
}

/* Fitted models do not add up: there is no merge. */
const SummaryRoom logistic_room = {
	.type_name = TYPE_NAME,
	.decode = logistic_decode,
	.encode = logistic_encode,
	.print = logistic_print,
	.parse = logistic_parse,
	.contradiction = logistic_contradiction,
};
