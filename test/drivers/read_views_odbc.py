# Reads every view of a mart through psqlODBC, by pyodbc: python3 read_views_odbc.py QUERIES MART
# QUERIES has a line "view, tab, statement" per view: its columns, then each of them again as the server writes it.
import collections
import datetime
import decimal
import math
import os
import sys
import zoneinfo

import pyodbc

ZONE = zoneinfo.ZoneInfo(os.environ.get("PGTZ", "UTC"))
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

PLAIN = (bool, int, float, decimal.Decimal, str, datetime.date, datetime.datetime)
PLAIN_SQL = (pyodbc.SQL_CHAR, pyodbc.SQL_VARCHAR, pyodbc.SQL_LONGVARCHAR, pyodbc.SQL_WCHAR, pyodbc.SQL_WVARCHAR, pyodbc.SQL_WLONGVARCHAR, pyodbc.SQL_DECIMAL,
             pyodbc.SQL_NUMERIC, pyodbc.SQL_SMALLINT, pyodbc.SQL_INTEGER, pyodbc.SQL_BIGINT, pyodbc.SQL_REAL, pyodbc.SQL_FLOAT, pyodbc.SQL_DOUBLE, pyodbc.SQL_BIT,
             pyodbc.SQL_TYPE_DATE, pyodbc.SQL_TYPE_TIMESTAMP)
NAMES = {getattr(pyodbc, name): name for name in dir(pyodbc) if name.startswith("SQL_") and isinstance(getattr(pyodbc, name), int)
         and getattr(pyodbc, name) in PLAIN_SQL and name.split("_")[-1] in
         ("CHAR", "VARCHAR", "LONGVARCHAR", "WCHAR", "WVARCHAR", "WLONGVARCHAR", "DECIMAL", "NUMERIC", "SMALLINT", "INTEGER", "BIGINT", "REAL", "FLOAT", "DOUBLE", "BIT",
          "DATE", "TIMESTAMP")}


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
        # Without a zone: the driver gives the session's local time, which is one of two in the hour when the clocks go back.
        same = any(decimal.Decimal((value.replace(tzinfo=ZONE, fold=fold) - EPOCH) // datetime.timedelta(microseconds=1)) / 1000000 == decimal.Decimal(text)
                   for fold in (0, 1))
    elif text in ("true", "false"):
        # psqlODBC's default, BoolsAsChar=1: a boolean is the text 1 or 0.
        same = value == ("1" if text == "true" else "0")
    else:
        same = str(value) == text
    return None if same else f"comes as {value!r}, is {text}"


def listed(connection, mart, view, problems, types):
    """What SQLTables and SQLColumns say of a view; how many remarks they have. The driver has none, and that is no fault of the view."""
    cursor = connection.cursor()
    found = cursor.tables(schema=mart, table=view.replace("_", "\\_")).fetchall()
    if not found:
        problems.append(f"{view}: not in SQLTables")
    remarks = sum(bool(table.remarks) for table in found)
    for column in cursor.columns(schema=mart, table=view.replace("_", "\\_")).fetchall():
        types[f"{column.type_name} as {NAMES.get(column.data_type, column.data_type)}"].add((view, column.column_name))
        if column.data_type not in PLAIN_SQL:
            problems.append(f"{view}.{column.column_name}: listed as {column.type_name} ({column.data_type})")
        remarks += bool(column.remarks)
    return remarks


def main(queries, mart):
    problems = []
    types = collections.defaultdict(set)
    views = columns = rows = remarks = 0
    settings = dict(Driver="PostgreSQL Unicode", Servername=os.environ["PGHOST"], Port=os.environ["PGPORT"], Database=os.environ["PGDATABASE"], UID=os.environ["PGUSER"],
                    PWD=os.environ.get("PGPASSWORD", ""), ReadOnly="1")
    more = os.environ.get("LEAD_KPI_ODBC")
    connection = pyodbc.connect(";".join(f"{name}={value}" for name, value in settings.items()) + (f";{more}" if more else ""), autocommit=True)
    with open(queries, encoding="utf-8") as lines:
        for line in lines:
            view, query = line.rstrip("\n").split("\t", 1)
            try:
                remarks += listed(connection, mart, view, problems, types)
                cursor = connection.execute(query)
                names = [column[0] for column in cursor.description]
                width = len(names) // 2
                found = {}
                for row in cursor:
                    rows += 1
                    for i in range(width):
                        wrong = trouble(row[i], row[width + i])
                        if wrong:
                            found.setdefault(i, wrong)
                problems += [f"{view}.{names[i]}: {wrong}" for i, wrong in found.items()]
                views += 1
                columns += width
            except pyodbc.Error as error:
                problems.append(f"{view}: {error}")
    print(f"psqlODBC {connection.getinfo(pyodbc.SQL_DRIVER_VER)}: {views} views, {columns} columns, {rows} rows, {len(problems)} problems")
    print("  types: " + ", ".join(f"{name} ({len(found)})" for name, found in sorted(types.items())))
    print(f"  remarks: {remarks}")
    for problem in problems:
        print(f"  problem: {problem}")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
