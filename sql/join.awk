# Joins the SQL files into the install script, which is ASCII and has fixed statements only.
#
# Bytes above 127 (the French texts) are written as octal, which mart_text() reads, so that the script installs in a
# database of any encoding and nobody has to write them so.
#
# Overloads are written out: what stands between "-- FOR EACH" and "-- END EACH" is repeated for every combination of the
# values, with {name} replaced. So nothing is put together while a superuser runs the script.
#
#	-- FOR EACH key: bigint | uuid | text
#	-- FOR EACH stage, ladder: text, text[] | anyenum, anyarray
#	CREATE FUNCTION f(lead {key}, stage {stage}, ladder {ladder}) ...
#	-- END EACH
#
# Values are separated by " | ", or stand on a line of their own after "-- OR "; the parts of a value are separated by
# " ; "; "(none)" is the empty text.

BEGIN {
	for (byte = 128; byte < 256; byte++)
		octal[sprintf("%c", byte)] = sprintf("\\%o", byte)
}

# Ends the run; make shows why.
function fail(why)
{
	print FILENAME ":" FNR ": " why >"/dev/stderr"
	failed = 1
	exit 1
}

function ascii(text,    done)
{
	done = ""
	while (match(text, /[\200-\377]/)) {
		done = done substr(text, 1, RSTART - 1) octal[substr(text, RSTART, 1)]
		text = substr(text, RSTART + 1)
	}
	return done text
}

function literal_replace(text, name, value,    at, done)
{
	done = ""
	while ((at = index(text, "{" name "}")) > 0) {
		done = done substr(text, 1, at - 1) value
		text = substr(text, at + length(name) + 2)
	}
	return done text
}

# Prints the block with the values of loop number "loop" and those below it put in.
function print_each(text, loop,    names, values, parts, n, count, i, j, one)
{
	if (loop > loops) {
		printf "%s", ascii(text)
		return
	}
	n = split(loop_names[loop], names, /, */)
	count = split(loop_values[loop], values, / \| /)
	for (i = 1; i <= count; i++) {
		if (split(values[i], parts, / ; /) != n)
			fail("not " n " parts: " values[i])
		one = text
		for (j = 1; j <= n; j++)
			one = literal_replace(one, names[j], parts[j] == "(none)" ? "" : parts[j])
		print_each(one, loop + 1)
	}
}

/\\[23][0-7][0-7]/ { fail("write the letter itself, not its octal bytes") }

/^-- FOR EACH / {
	line = substr($0, length("-- FOR EACH ") + 1)
	at = index(line, ": ")
	loop_names[++loops] = substr(line, 1, at - 1)
	loop_values[loops] = substr(line, at + 2)
	next
}

loops && block == "" && /^-- OR / {
	loop_values[loops] = loop_values[loops] " | " substr($0, length("-- OR ") + 1)
	next
}

/^-- END EACH/ {
	print_each(block, 1)
	loops = 0
	block = ""
	next
}

loops { block = block $0 "\n"; next }

{ print ascii($0) }

END {
	if (loops && !failed)
		fail("a FOR EACH has no END EACH")
}
