/*
 * summary_compact.c
 *	  Summaries as short texts: base64:BYTES, or pglz:SIZE:BYTES where the
 *	  server's own compression makes SIZE bytes fewer.
 */
#include "summary_compact.h"

#include "common/base64.h"
#include "common/pg_lzcompress.h"
#include "mb/pg_wchar.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#define BASE64_MARK "base64:"
#define PGLZ_MARK "pglz:"

/* A match takes three bytes and an eighth, and stands for at most 273. */
#define PGLZ_MOST_PER_BYTE 100

/* Compressing cannot be cancelled: what is larger stays as it is. */
#define MOST_COMPRESSED (16 * 1024 * 1024)

typedef enum SummaryOutput
{
	SUMMARY_OUTPUT_JSON,
	SUMMARY_OUTPUT_COMPACT
} SummaryOutput;

static const struct config_enum_entry summary_outputs[] = {
	{"json", SUMMARY_OUTPUT_JSON, false},
	{"compact", SUMMARY_OUTPUT_COMPACT, false},
	{NULL, 0, false},
};

static int summary_output = SUMMARY_OUTPUT_JSON;

void
summary_compact_init(void)
{
	DefineCustomEnumVariable(
		"lead_kpi.summary_output", "Sets the text form in which summaries are written: json or compact.",
		"Both are read, whatever this says. The compact one is a tenth to a quarter as long, and nobody reads it.",
		&summary_output, SUMMARY_OUTPUT_JSON, summary_outputs, PGC_USERSET, 0, NULL, NULL, NULL);
}

/* Words in the bytes are in the database's encoding, and nobody converts them on the way: one encoding only. */
bool
summary_compact_wanted(void)
{
	return summary_output == SUMMARY_OUTPUT_COMPACT && GetDatabaseEncoding() == PG_UTF8;
}

char *
summary_compact_print(const char *bytes, int length)
{
	StringInfoData text;
	char *compressed = NULL;
	int32 size = -1;
	int room;
	int written;

	if (length <= MOST_COMPRESSED)
	{
		compressed = palloc(PGLZ_MAX_OUTPUT(length));
		size = pglz_compress(bytes, length, compressed, PGLZ_strategy_always);
	}
	room = pg_b64_enc_len(size < 0 ? length : size);
	initStringInfo(&text);
	if (size < 0)
		appendStringInfoString(&text, BASE64_MARK);
	else
		appendStringInfo(&text, PGLZ_MARK "%d:", length);
	enlargeStringInfo(&text, room);
	/* Bytes are char up to 17, uint8 from 18 on. */
	written = pg_b64_encode((const void *) (size < 0 ? bytes : compressed), size < 0 ? length : size,
							text.data + text.len, room);
	Assert(written >= 0);
	text.len += written;
	text.data[text.len] = '\0';
	if (compressed != NULL)
		pfree(compressed);
	return text.data;
}

bool
summary_compact_begins(const char *text)
{
	return strncmp(text, BASE64_MARK, strlen(BASE64_MARK)) == 0 ||
		strncmp(text, PGLZ_MARK, strlen(PGLZ_MARK)) == 0;
}

/* Reads "SIZE:"; how many bytes there are is checked against those that stand for them. */
static int
read_size(const char **text)
{
	int64 size = 0;

	for (int digits = 0; **text >= '0' && **text <= '9' && digits < 10; digits++)
		size = size * 10 + *(*text)++ - '0';
	return *(*text)++ == ':' && size > 0 && size < (int64) MaxAllocSize - VARHDRSZ ? (int) size : -1;
}

struct varlena *
summary_compact_bytes(const SummaryReader *reader, const char *text)
{
	bool is_compressed = text[0] == PGLZ_MARK[0];
	int size = 0;
	Size length;
	Size room;
	int found;
	char *bytes;
	struct varlena *result;

	if (GetDatabaseEncoding() != PG_UTF8)
		return summary_json_refuse(reader, "the compact form is in UTF8, which this database is not");
	text += strlen(is_compressed ? PGLZ_MARK : BASE64_MARK);
	if (is_compressed && (size = read_size(&text)) < 0)
		return summary_json_refuse(reader, "expected a size after \"" PGLZ_MARK "\"");
	length = strlen(text);
	/* Not pg_b64_dec_len(), which overflows from 683 MB on; and pglz_decompress looks at two bytes after what is cut short. */
	room = (length / 4 + 1) * 3;
	result = palloc(VARHDRSZ + room);
	bytes = VARDATA(result);
	found = pg_b64_decode(text, (int) length, (void *) bytes, (int) room);
	if (found < 0)
		return summary_json_refuse(reader, "expected base64 after the colon");
	if (is_compressed)
	{
		char *compressed = bytes;

		if (size / PGLZ_MOST_PER_BYTE > found)
			return summary_json_refuse(reader, "the size is too large for what follows it");
		result = palloc(VARHDRSZ + size);
		found = pglz_decompress(compressed, found, VARDATA(result), size, true);
		if (found != size)
			return summary_json_refuse(reader, "the compressed bytes are damaged");
		pfree(compressed - VARHDRSZ);
	}
	SET_VARSIZE(result, VARHDRSZ + found);
	return result;
}
