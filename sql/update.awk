# Makes an update script's main part from the install script.
#
#	awk -f sql/update.awk -v former=sql/update/0.9.txt -v by_hand="sql/update/0.9_before.sql ..." lead_kpi--1.0.sql
#	awk -f sql/update.awk -v listing=1 lead_kpi--0.9.sql >sql/update/0.9.txt
#
# Functions and aggregates are all replaced, whether they changed or not, and comments are written again: so they are, by construction, what a
# fresh install has. Types, operators, operator classes and casts cannot be replaced. Those that the former version had, as the list says, are
# left alone; new ones are made. One that changed or is gone needs statements written by hand, which say so in a line of their own, or make fails:
#
#	-- CHANGED: OPERATOR + (funnel, funnel)
#	-- DROPPED: CAST (funnel AS jsonb)
#
# What stands before the script's SET LOCAL search_path makes the schema. Its GRANT is not repeated: who revoked it meant it.

function fail(why)
{
	print why >"/dev/stderr"
	failed = 1
}

# What a statement makes, as its list and the lines above name it.
function identity(text,    kind, left, right)
{
	if (text ~ /^CREATE TYPE /)
		return match(text, /^CREATE TYPE [^ ;(]+/) ? substr(text, 8, RLENGTH - 7) : ""
	if (text ~ /^CREATE CAST /)
		return match(text, /^CREATE CAST \([^)]*\)/) ? substr(text, 8, RLENGTH - 7) : ""
	if (text ~ /^CREATE OPERATOR CLASS /) {
		match(text, /USING [^ ]+/)
		kind = substr(text, RSTART, RLENGTH)
		match(text, /^CREATE OPERATOR CLASS [^ ]+/)
		return substr(text, 8, RLENGTH - 7) " " kind
	}
	left = right = "NONE"
	if (match(text, /LEFTARG = [^,) ]+/))
		left = substr(text, RSTART + 10, RLENGTH - 10)
	if (match(text, /RIGHTARG = [^,) ]+/))
		right = substr(text, RSTART + 11, RLENGTH - 11)
	match(text, /^CREATE OPERATOR [^ ]+/)
	return substr(text, 8, RLENGTH - 7) " (" left ", " right ")"
}

function squeezed(text)
{
	gsub(/--[^\n]*\n/, " ", text)
	gsub(/[ \t\n]+/, " ", text)
	sub(/ $/, "", text)
	return text
}

# A type has two statements: the first, in which nothing is said of it, and the one that completes it.
function statement_made(text,    flat, what)
{
	flat = squeezed(text)
	if (listing) {
		print flat
		return
	}
	what = identity(flat)
	seen[what]
	if (flat in had)
		return
	if (!(what in had_object))
		printf "%s", text
	else if (!(("CHANGED: " what) in handled))
		fail(what " is another one than in " former ": no statement replaces it. Write its ALTER by hand, with a line -- CHANGED: " what)
}

BEGIN {
	if (!listing) {
		while ((getline line <former) > 0) {
			had[line]
			had_object[identity(line)]
		}
		close(former)
		count = split(by_hand, files, " ")
		for (i = 1; i <= count; i++) {
			while ((getline line <files[i]) > 0)
				if (line ~ /^-- (CHANGED|DROPPED): /)
					handled[substr(line, 4)]
			close(files[i])
		}
	}
}

/^SET LOCAL search_path = lead_kpi, pg_temp;$/ { begun = 1; next }
!begun || /^GRANT USAGE ON SCHEMA lead_kpi TO PUBLIC;$/ { next }

statement != "" || /^CREATE (TYPE|OPERATOR|CAST) / {
	statement = statement $0 "\n"
	if (/;$/) {
		statement_made(statement)
		statement = ""
	}
	next
}

listing { next }

/^CREATE (FUNCTION|AGGREGATE) / { sub(/^CREATE/, "CREATE OR REPLACE") }
{ print }

END {
	if (!begun)
		fail("this is no install script of lead_kpi")
	for (what in had_object)
		if (!(what in seen) && !(("DROPPED: " what) in handled))
			fail(what " of " former " is gone: write its DROP by hand, with a line -- DROPPED: " what)
	if (failed)
		exit 1
}
