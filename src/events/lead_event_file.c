/*
 * lead_event_file.c
 *	  The temporary file a lead event log spills to.
 */
#include "lead_event_file.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodes.h"
#include "storage/buffile.h"
#include "storage/fileset.h"
#include "storage/ipc.h"
#include "storage/proc.h"

#include "base/wire.h"

/* Names the directory of handed-over files below the leader's process id. */
#define SHARED_FILES_NUMBER 0x6c6b7069

#define FILE_NAME_LENGTH 48

struct LeadEventFile
{
	BufFile *buffile;
	bool shippable;
	bool delete_on_close; /* a named file that is ours to remove */
	int creator_pid;
	char name[FILE_NAME_LENGTH];
	int64 size;
};

/* Did this process see a named file since the transaction began? */
static bool shared_files_seen = false;

/*
 * The directory is in the database's own tablespace: temp_tablespaces needs a
 * catalog look-up, which the clean-up after an error cannot do.
 */
static void
shared_file_set(FileSet *fileset, int leader_pid)
{
	memset(fileset, 0, sizeof(FileSet));
	fileset->creator_pid = leader_pid;
	fileset->number = SHARED_FILES_NUMBER;
	fileset->ntablespaces = 1;
	fileset->tablespaces[0] = MyDatabaseTableSpace;
}

static void
remove_shared_files(void)
{
	FileSet fileset;

	if (!OidIsValid(MyDatabaseTableSpace))
		return;
	shared_file_set(&fileset, MyProcPid);
	FileSetDeleteAll(&fileset);
	shared_files_seen = false;
}

/*
 * Workers are gone by the time the leader's transaction ends, so what lies in
 * the leader's directory then is garbage.  After an abort look always: a
 * worker may have written before this process saw anything.
 */
static void
at_transaction_end(XactEvent event, void *argument)
{
	if (IsParallelWorker())
		return;
	if (event == XACT_EVENT_ABORT ||
		((event == XACT_EVENT_COMMIT || event == XACT_EVENT_PREPARE) && shared_files_seen))
		remove_shared_files();
}

static void
at_process_exit(int code, Datum argument)
{
	if (!IsParallelWorker())
		remove_shared_files();
}

void
lead_event_file_init(void)
{
	RegisterXactCallback(at_transaction_end, NULL);
	before_shmem_exit(at_process_exit, (Datum) 0);
}

bool
lead_event_file_can_ship(Node *aggregate)
{
	return aggregate != NULL && IsA(aggregate, AggState) &&
		DO_AGGSPLIT_SERIALIZE(((AggState *) aggregate)->aggsplit);
}

/*
 * Runs when the aggregate's context ends normally.  After an error the
 * resource owner closes the file, and the transaction's end removes it.
 */
static void
close_file(Datum argument)
{
	LeadEventFile *file = (LeadEventFile *) DatumGetPointer(argument);

	if (file->buffile != NULL)
	{
		BufFileClose(file->buffile);
		file->buffile = NULL;
	}
	if (file->delete_on_close)
	{
		FileSet fileset;

		file->delete_on_close = false;
		shared_file_set(&fileset, file->creator_pid);
		BufFileDeleteFileSet(&fileset, file->name, true);
	}
}

LeadEventFile *
lead_event_file_create(MemoryContext context, ExprContext *lifetime, bool shippable)
{
	static uint32 file_number = 0;
	MemoryContext previous = MemoryContextSwitchTo(context);
	LeadEventFile *file = palloc0(sizeof(LeadEventFile));

	file->shippable = shippable;
	if (shippable)
	{
		FileSet fileset;

		file->creator_pid = IsParallelWorker() ? MyProc->lockGroupLeader->pid : MyProcPid;
		snprintf(file->name, FILE_NAME_LENGTH, "lead_kpi.%d.%u", MyProcPid, file_number++);
		shared_file_set(&fileset, file->creator_pid);
		shared_files_seen = true;
		file->buffile = BufFileCreateFileSet(&fileset, file->name);
		file->delete_on_close = true;
	}
	else
		file->buffile = BufFileCreateTemp(false);
	RegisterExprContextCallback(lifetime, close_file, PointerGetDatum(file));
	MemoryContextSwitchTo(previous);
	return file;
}

int64
lead_event_file_size(const LeadEventFile *file)
{
	return file->size;
}

void
lead_event_file_append(LeadEventFile *file, const char *bytes, Size length)
{
	if (BufFileSeek(file->buffile, 0, (off_t) file->size, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not seek in temporary file of lead events: %m")));
	buffile_write(file->buffile, bytes, length);
	file->size += (int64) length;
}

void
lead_event_file_read(LeadEventFile *file, int64 position, char *bytes, Size length)
{
	if (BufFileSeek(file->buffile, 0, (off_t) position, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not seek in temporary file of lead events: %m")));
	buffile_read_exact(file->buffile, bytes, length);
}

void
lead_event_file_serialize(LeadEventFile *file, StringInfo out)
{
	Assert(file->shippable);
	if (file->delete_on_close)
	{
		BufFileExportFileSet(file->buffile);
		file->delete_on_close = false;
	}
	pq_sendint32(out, (uint32) file->creator_pid);
	wire_put_text(out, file->name);
	wire_put_varint(out, (uint64) file->size);
}

LeadEventFile *
lead_event_file_deserialize(MemoryContext context, StringInfo in)
{
	LeadEventFile *file = MemoryContextAllocZero(context, sizeof(LeadEventFile));
	char *name;

	file->creator_pid = (int) pq_getmsgint(in, 4);
	name = wire_get_text(in, "lead event log");
	/* Only files of this very process's plan, and no other path. */
	wire_check(file->creator_pid == MyProcPid && strlen(name) < FILE_NAME_LENGTH &&
				   strspn(name, "lead_kpi.0123456789") == strlen(name),
			   "lead event log", "file of another process");
	strlcpy(file->name, name, FILE_NAME_LENGTH);
	file->size = (int64) wire_get_varint(in, "lead event log");
	wire_check(file->size >= 0, "lead event log", "file size out of range");
	return file;
}

LeadEventFile *
lead_event_file_open(const LeadEventFile *handed_over, MemoryContext context, ExprContext *lifetime)
{
	MemoryContext previous = MemoryContextSwitchTo(context);
	LeadEventFile *file = palloc(sizeof(LeadEventFile));
	FileSet fileset;

	*file = *handed_over;
	shared_file_set(&fileset, file->creator_pid);
	shared_files_seen = true;
	file->buffile = BufFileOpenFileSet(&fileset, file->name, O_RDONLY, false);
	file->delete_on_close = true;
	RegisterExprContextCallback(lifetime, close_file, PointerGetDatum(file));
	MemoryContextSwitchTo(previous);
	return file;
}
