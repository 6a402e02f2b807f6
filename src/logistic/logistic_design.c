/*
 * logistic_design.c
 *	  From the rows of an aggregate to the numbers that a fit looks at.
 */
#include "logistic_design.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

/* Rows between fetching one into the cache and reading it. */
#define PREFETCH_DISTANCE 16

LogisticRows
logistic_rank_levels(const LogisticRows *from, LogisticAttribute *attributes, double **ranks)
{
	LogisticRows rows = *from;
	Size size = mul_size(from->count, mul_size(from->width + 2, sizeof(double)));

	rows.values = memcpy(MemoryContextAllocHuge(CurrentMemoryContext, size), from->values, size);
	for (Size row = 0; row < rows.count; row++)
	{
		double *values = logistic_row(&rows, row);

		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < rows.width; i++)
			if (isnan(values[i]))
				attributes[i].has_missing = true;
			else if (ranks[i] != NULL)
				values[i] = ranks[i][(int) values[i]];
	}
	return rows;
}

/* How many of the pure levels a message lists. */
#define MAX_PURE_LEVELS 5

/* Those of one attribute. */
static void
list_pure_levels(const LogisticRows *rows, const LogisticAttribute *attribute, int place, int *listed,
				 StringInfo list)
{
	int levels = attribute->level_count + 1;
	int64 *leads = palloc0(mul_size(levels, sizeof(int64)));
	int64 *converted = palloc0(mul_size(levels, sizeof(int64)));
	int pure = 0;
	int mixed = 0;

	for (Size row = 0; row < rows->count; row++)
	{
		double value = logistic_row(rows, row)[place];
		int level = isnan(value) ? attribute->level_count : attribute->is_number ? -1 : (int) value;

		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (level < 0)
			continue;
		leads[level] += logistic_row_leads(rows, row);
		converted[level] += logistic_row_converted(rows, row);
	}
	for (int level = 0; level < levels; level++)
	{
		pure += leads[level] > 0 && (converted[level] == 0 || converted[level] == leads[level]);
		mixed += converted[level] > 0 && converted[level] < leads[level];
	}
	/* Where all levels are pure, some of them agree with each other: the direction tells which. */
	for (int level = 0; (mixed > 0 || attribute->is_number) && pure > 0 && level < levels; level++)
		if (leads[level] > 0 && (converted[level] == 0 || converted[level] == leads[level]) &&
			*listed < MAX_PURE_LEVELS)
			appendStringInfo(list, "%s\"%s=%s\"", (*listed)++ > 0 ? ", " : "", attribute->name,
							 level < attribute->level_count ? attribute->levels[level] : MISSING_LEVEL);
	pfree(leads);
	pfree(converted);
}

const char *
logistic_pure_levels(const LogisticRows *rows, const LogisticModel *model)
{
	StringInfoData list;
	int listed = 0;

	initStringInfo(&list);
	for (int i = 0; i < model->attribute_count; i++)
		list_pure_levels(rows, &model->attributes[i], i, &listed, &list);
	return listed > 0 ? list.data : NULL;
}

/* What a number that is missing is filled in with: the mean of the others. */
static double *
means_of_numbers(const LogisticRows *rows, const LogisticOrder *order, const LogisticModel *model)
{
	double *means = palloc0(mul_size(Max(model->attribute_count, 1), sizeof(double)));

	for (int i = 0; i < model->attribute_count; i++)
	{
		double leads = 0;
		double sum = 0;

		if (!model->attributes[i].is_number || !model->attributes[i].has_missing)
			continue;
		for (Size place = 0; place < rows->count; place++)
		{
			Size row = order[place].row;
			double value = logistic_row(rows, row)[i];

			if ((place & 0xfff) == 0)
				CHECK_FOR_INTERRUPTS();
			if (isnan(value))
				continue;
			leads += (double) logistic_row_leads(rows, row);
			sum += (double) logistic_row_leads(rows, row) * value;
		}
		means[i] = sum / leads;
	}
	return means;
}

static void
expand_row(const LogisticModel *model, const double *values, const double *means, double *x)
{
	for (int i = 0; i < model->term_count; i++)
		x[i * LOGISTIC_BLOCK] = model->attribute_count == 0 ? values[i] : 0;
	for (int i = 0; i < model->attribute_count; i++)
	{
		const LogisticAttribute *attribute = &model->attributes[i];
		int terms = logistic_attribute_terms(attribute);

		if (isnan(values[i]))
			x[(terms - 1) * LOGISTIC_BLOCK] = 1;
		if (attribute->is_number)
			x[0] = isnan(values[i]) ? means[i] : values[i];
		else if (!isnan(values[i]) && values[i] > 0)
			x[((int) values[i] - 1) * LOGISTIC_BLOCK] = 1;
		x += terms * LOGISTIC_BLOCK;
	}
}

LogisticDesign
logistic_design_build(const LogisticRows *rows, LogisticModel *model)
{
	LogisticOrder *order = logistic_rows_sorted(rows);
	double *means = means_of_numbers(rows, order, model);
	LogisticDesign design;
	Size distinct = 0;

	for (Size i = 0; i < rows->count; i++)
	{
		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		distinct += i == 0 || !logistic_rows_equal(rows, &order[i - 1], &order[i]);
	}
	logistic_design_init(&design, model->term_count,
						 logistic_term_names(model->attributes, model->attribute_count, model->term_count),
						 distinct);
	distinct = 0;
	for (Size i = 0; i < rows->count; i++)
	{
		Size row = order[i].row;

		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* The order jumps about in memory. */
		if (i + PREFETCH_DISTANCE < rows->count)
			logistic_row_prefetch(rows, order[i + PREFETCH_DISTANCE].row);
		if (i == 0 || !logistic_rows_equal(rows, &order[i - 1], &order[i]))
		{
			expand_row(model, logistic_row(rows, row), means, logistic_design_row(&design, distinct));
			distinct++;
		}
		design.leads[distinct - 1] += (double) logistic_row_leads(rows, row);
		design.converted[distinct - 1] += (double) logistic_row_converted(rows, row);
		model->converted += logistic_row_converted(rows, row);
		model->others += logistic_row_leads(rows, row) - logistic_row_converted(rows, row);
	}
	pfree(order);
	return design;
}
