/*
 * summary_compact.h
 *	  The other text form of a summary, for transfer: its wire form in base64,
 *	  a tenth to a quarter of the JSON.
 *
 * The setting lead_kpi.summary_output chooses what output functions write, as
 * bytea_output does; input functions read both.
 */
#ifndef LEAD_KPI_SUMMARY_COMPACT_H
#define LEAD_KPI_SUMMARY_COMPACT_H

#include "summary_json.h"

/* Called once from _PG_init. */
extern void summary_compact_init(void);

/* Whether output functions write this form now. */
extern bool summary_compact_wanted(void);

/* The text of a wire form. */
extern char *summary_compact_print(const char *bytes, int length);

/* Whether a text is one of this form, right or wrong: no JSON begins so. */
extern bool summary_compact_begins(const char *text);

/* The wire form that such a text holds, unchecked; NULL after a soft error. */
extern struct varlena *summary_compact_bytes(const SummaryReader *reader, const char *text);

#endif /* LEAD_KPI_SUMMARY_COMPACT_H */
