# Reads every view of a mart through psycopg, 2 or 3: python3 read_views_psycopg.py psycopg|psycopg2 QUERIES MART
# QUERIES has a line "view, tab, statement" per view: its columns, then each of them again as the server writes it.
import collections
import datetime
import decimal
import importlib
import math
import sys

psycopg = importlib.import_module(sys.argv[1])

PLAIN = (bool, int, float, decimal.Decimal, str, datetime.date, datetime.datetime)


def trouble(value, text):
    """What is wrong with a value, beside the text that the server wrote of it."""
    if value is None or text is None:
        return None if value is None and text is None else "NULL is not NULL"
    if type(value) not in PLAIN:
        return f"comes as {type(value).__name__}"
    if isinstance(value, (float, decimal.Decimal)) and not math.isfinite(value):
        return "not a finite number"
    if isinstance(value, bool):
        same = str(value).lower() == text
    elif isinstance(value, float):
        same = value == float(text)
    elif isinstance(value, decimal.Decimal):
        same = value == decimal.Decimal(text)
    elif isinstance(value, datetime.datetime):
        since = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        same = decimal.Decimal(since // datetime.timedelta(microseconds=1)) / 1000000 == decimal.Decimal(text)
    else:
        same = str(value) == text
    return None if same else f"comes as {value}, is {text}"


def main(queries, mart):
    problems = []
    types = collections.defaultdict(set)
    views = columns = rows = 0
    connection = psycopg.connect("application_name='lead_kpi drivers'")
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(
        """SELECT c.relname || coalesce('.' || a.attname, '')
           FROM pg_class c
           LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'v'
               AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)""", (mart,))
    problems += [f"{name}: no comment" for name, in cursor]
    with open(queries, encoding="utf-8") as lines:
        for line in lines:
            view, query = line.rstrip("\n").split("\t", 1)
            try:
                cursor.execute(query)
                names = [column[0] for column in cursor.description]
                width = len(names) // 2
                found = {}
                for row in cursor:
                    rows += 1
                    for i in range(width):
                        if row[i] is not None:
                            types[type(row[i]).__name__].add((view, i))
                        wrong = trouble(row[i], row[width + i])
                        if wrong:
                            found.setdefault(i, wrong)
                problems += [f"{view}.{names[i]}: {wrong}" for i, wrong in found.items()]
                views += 1
                columns += width
            except psycopg.Error as error:
                problems.append(f"{view}: {error}".replace("\n", " "))
    print(f"{psycopg.__name__} {psycopg.__version__.split()[0]}: {views} views, {columns} columns, {rows} rows, {len(problems)} problems")
    print("  types: " + ", ".join(f"{name} ({len(found)})" for name, found in sorted(types.items())))
    for problem in problems:
        print(f"  problem: {problem}")
    return 1 if problems else 0


sys.exit(main(*sys.argv[2:]))
