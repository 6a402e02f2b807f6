# lead_kpi: PGXS build. `make && make install`, then `make installcheck` against a running server.
# Without clang, on a server that was built with LLVM: `make with_llvm=no`.

EXTENSION    = lead_kpi
EXTVERSION   = 1.0
MODULE_big   = lead_kpi
OBJS         = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c)))
DATA_built   = $(EXTENSION)--$(EXTVERSION).sql
REGRESS      = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --outputdir=.
PG_CFLAGS    = -Wall -Wextra -Wno-unused-parameter
EXTRA_CLEAN  = results regression.diffs regression.out

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

ifneq ($(filter 9.% 10 11 12 13 14,$(MAJORVERSION)),)
$(error lead_kpi needs PostgreSQL 15 or newer, but $(PG_CONFIG) is that of $(MAJORVERSION))
endif

$(OBJS): $(wildcard src/*.h)

# One numbered file per room, then the mart's in the order in which it is built. The installed script is ASCII, whatever the
# encoding of the database: bytes above 127 are written as octal, which mart_text() reads; nobody has to write them so.
$(EXTENSION)--$(EXTVERSION).sql: $(sort $(wildcard sql/*.sql)) $(sort $(wildcard sql/mart/*.sql))
	LC_ALL=C awk 'BEGIN { for (byte = 128; byte < 256; byte++) octal[sprintf("%c", byte)] = sprintf("\\%o", byte) } \
		/\\[23][0-7][0-7]/ { print FILENAME ":" FNR ": write the letter itself, not its octal bytes" >"/dev/stderr"; exit 1 } \
		{ while (match($$0, /[\200-\377]/)) { printf "%s%s", substr($$0, 1, RSTART - 1), octal[substr($$0, RSTART, 1)]; $$0 = substr($$0, RSTART + 1) } print }' $^ > $@
