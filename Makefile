# lead_kpi: PGXS build. `make && make install`, then `make installcheck` against a running server.
# Without clang, on a server that was built with LLVM: `make with_llvm=no`.
# Outside the checkout: `make -f /path/to/lead_kpi/Makefile`.

top := $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST))))

EXTENSION    = lead_kpi
EXTVERSION   = 1.0
MODULE_big   = lead_kpi
OBJS         = $(patsubst $(top)/%.c,%.o,$(sort $(wildcard $(top)/src/*.c $(top)/src/*/*.c)))
# From each former version straight to this one.
UPDATES      = $(patsubst $(top)/sql/update/%.txt,$(EXTENSION)--%--$(EXTVERSION).sql,$(sort $(wildcard $(top)/sql/update/*.txt)))
DATA_built   = $(EXTENSION)--$(EXTVERSION).sql $(UPDATES)
REGRESS      = $(patsubst $(top)/test/sql/%.sql,%,$(sort $(wildcard $(top)/test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --outputdir=.
PG_CFLAGS    = -Wall -Wextra -Wno-unused-parameter
PG_CPPFLAGS  = -I$(srcdir)/src

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
# Not every distribution has what runs them.
ifneq ($(wildcard $(dir $(PGXS))../test/isolation/pg_isolation_regress),)
ISOLATION      := $(patsubst $(top)/test/isolation/specs/%.spec,%,$(sort $(wildcard $(top)/test/isolation/specs/*.spec)))
ISOLATION_OPTS  = --inputdir=test/isolation --outputdir=output_iso --load-extension=$(EXTENSION)
endif
include $(PGXS)

ifneq ($(filter 9.% 10 11 12 13 14,$(MAJORVERSION)),)
$(error lead_kpi needs PostgreSQL 15 or newer, but $(PG_CONFIG) is that of $(MAJORVERSION))
endif

$(shell mkdir -p $(sort $(dir $(OBJS))))
$(OBJS) $(OBJS:.o=.bc): $(wildcard $(top)/src/*/*.h)

# One numbered file per room, then the mart's in the order in which it is built.
$(EXTENSION)--$(EXTVERSION).sql: $(sort $(wildcard $(top)/sql/*.sql)) $(sort $(wildcard $(top)/sql/mart/*.sql)) $(top)/sql/join.awk
	LC_ALL=C awk -f $(top)/sql/join.awk $(filter %.sql,$^) > $@.tmp
	mv $@.tmp $@

# What is written by hand comes before or after what is made of the install script: VERSION_before.sql, VERSION_after.sql.
$(UPDATES): $(EXTENSION)--%--$(EXTVERSION).sql: $(EXTENSION)--$(EXTVERSION).sql $(top)/sql/update.awk $(wildcard $(top)/sql/update/*)
	LC_ALL=C awk -f $(top)/sql/update.awk -v former=$(top)/sql/update/$*.txt -v by_hand="$(wildcard $(top)/sql/update/$*_*.sql)" $< >$@.main
	cat $(top)/sql/update/begin.sql $(wildcard $(top)/sql/update/$*_before.sql) $@.main $(wildcard $(top)/sql/update/$*_after.sql) >$@.tmp
	rm $@.main
	mv $@.tmp $@
