# Has SQLAlchemy say what columns the views of a mart have, as Superset does when it makes a dataset: python3 reflect_views.py MART
import collections
import os
import sys

import sqlalchemy

PLAIN = ("BIGINT", "INTEGER", "DOUBLE_PRECISION", "FLOAT", "NUMERIC", "TEXT", "BOOLEAN", "DATE", "TIMESTAMP")


def main(mart):
    problems = []
    types = collections.Counter()
    engine = sqlalchemy.create_engine(sqlalchemy.engine.URL.create("postgresql", os.environ["PGUSER"], os.environ.get("PGPASSWORD"), os.environ["PGHOST"],
                                                                   int(os.environ["PGPORT"]), os.environ["PGDATABASE"]))
    inspector = sqlalchemy.inspect(engine)
    views = inspector.get_view_names(schema=mart)
    comments = 0
    for view in views:
        if inspector.get_table_comment(view, schema=mart)["text"]:
            comments += 1
        else:
            problems.append(f"{view}: no comment")
        for column in inspector.get_columns(view, schema=mart):
            types[type(column["type"]).__name__] += 1
            if type(column["type"]).__name__ not in PLAIN:
                problems.append(f"{view}.{column['name']}: type {column['type']!r} is not plain")
            if column.get("comment"):
                comments += 1
            else:
                problems.append(f"{view}.{column['name']}: no comment")
    print(f"SQLAlchemy {sqlalchemy.__version__}: {len(views)} views, {sum(types.values())} columns reflected, {comments} comments, {len(problems)} problems")
    print("  types: " + ", ".join(f"{name} ({count})" for name, count in sorted(types.items())))
    for problem in problems:
        print(f"  problem: {problem}")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
