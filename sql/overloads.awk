# Writes out overloads: what stands between "-- FOR EACH" and "-- END EACH" is repeated for every combination of the
# values, with {name} replaced. So the install script has fixed statements only: nothing in it is put together while a
# superuser runs it.
#
#	-- FOR EACH key: bigint | uuid | text
#	-- FOR EACH stage, ladder: text, text[] | anyenum, anyarray
#	CREATE FUNCTION f(lead {key}, stage {stage}, ladder {ladder}) ...
#	-- END EACH
#
# Values are separated by " | ", or stand on a line of their own after "-- OR "; the parts of a value are separated by
# " ; "; "(none)" is the empty text.

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
		printf "%s", text
		return
	}
	n = split(loop_names[loop], names, /, */)
	count = split(loop_values[loop], values, / \| /)
	for (i = 1; i <= count; i++) {
		if (split(values[i], parts, / ; /) != n) {
			print "not " n " parts: " values[i] >"/dev/stderr"
			exit 1
		}
		one = text
		for (j = 1; j <= n; j++)
			one = literal_replace(one, names[j], parts[j] == "(none)" ? "" : parts[j])
		print_each(one, loop + 1)
	}
}

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

{ print }

END {
	if (loops) {
		print "a FOR EACH has no END EACH" >"/dev/stderr"
		exit 1
	}
}
