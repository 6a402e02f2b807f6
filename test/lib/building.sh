# Copies of the project, built and staged; the checkout itself stays clean.
# Sourced by run, and shares its variables.

# Copies the project, without what git ignores, to a folder that make works in.
# The objects of an earlier run stay there, so a second run is quick.
copy_project()
{
	local to=$1

	mkdir -p "$to"
	find "$to" -type f ! -name '*.o' ! -name '*.bc' ! -name .lock -delete
	tar -C "$root" -c --exclude=./.git --exclude=./build --exclude='*.o' --exclude='*.bc' --exclude='*.so' \
		--exclude=./results --exclude='./regression.*' --exclude=./root --exclude=./tmp_check . |
		tar -C "$to" -x --no-same-owner
	# Joined by make, even if the checkout has one.
	rm -f "$to"/lead_kpi--*.sql
}

# Makes in a copy of the project and stages the result: make_in FOLDER [ARGUMENT...]
make_in()
{
	local folder=$1
	shift
	local clang with_llvm=()

	# Bitcode needs the server's own clang; without it the extension just is not inlined by the JIT.
	clang=$(sed -n 's/^CLANG *= *//p' "$(dirname "$("$PG_CONFIG" --pgxs)")/../Makefile.global")
	command -v "${clang:-clang}" >/dev/null || with_llvm=(with_llvm=no)
	# It is half of the time, and what is only looked at runs without the JIT.
	case $command in
		demo | psql | report | drivers | dashboard) with_llvm=(with_llvm=no) ;;
	esac

	make -C "$folder" -j "$(nproc)" "${with_llvm[@]}" "$@"
	make -C "$folder" "${with_llvm[@]}" "$@" install DESTDIR="$work/stage"
}

# Where objects may stay between runs; a checkout that we cannot write to has none.
build_folder()
{
	local folder=$root/build/$major${1:-}

	if mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ]; then
		echo "$folder"
	else
		echo "$work/build"
	fi
}

# build [SUFFIX [ARGUMENT...]]: one folder per kind of build
build()
{
	local folder module
	folder=$(build_folder "${1:-}")
	shift || :

	mkdir -p "$folder"
	exec 9>"$folder/.lock"
	flock 9
	copy_project "$folder"
	make_in "$folder" "$@"
	for module in "$folder"/test/modules/*/ "$folder"/test/fuzz/; do
		if [[ $command =~ ^(test|sanitize|fuzz|valgrind|coverage)$ ]] && [ -f "$module/Makefile" ]; then
			make_in "$module" "$@"
		fi
	done
	exec 9>&-
}
