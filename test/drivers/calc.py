# Has LibreOffice Calc read a view into a sheet and refresh it, as "Data, Refresh Range" does, over ODBC and with its own driver: python3 calc.py MART FOLDER
# FOLDER has an odbc.ini with a data source lead_kpi, and takes LibreOffice's profile and documents. The rows are asked again through psycopg.
import datetime
import decimal
import os
import shutil
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.sheet.DataImportMode import TABLE

try:
    import psycopg
except ImportError:
    import psycopg2 as psycopg

VIEW = "cpl_to_revenue"
DATE_ZERO = datetime.date(1899, 12, 30)


def properties(**values):
    result = []
    for name, value in values.items():
        result.append(PropertyValue())
        result[-1].Name, result[-1].Value = name, value
    return tuple(result)


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.5)
    raise SystemExit("LibreOffice did not start")


def as_cell(value):
    """What a cell holds of a value: text or a number."""
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return float((value - DATE_ZERO).days)
    if isinstance(value, (bool, int, decimal.Decimal)):
        return float(value)
    return value


def compare(when, expected, got, digits, problems):
    """The rows that a sheet holds beside those that the view has, in any order."""
    key = lambda row: [f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row[:3]]
    found = {}
    for mine, theirs in zip(sorted(expected[1:], key=key), sorted(got[1:], key=key)):
        for name, a, b in zip(expected[0], mine, theirs):
            if a != b and not (isinstance(a, float) and isinstance(b, float) and abs(a - b) <= abs(a) * 10 ** -digits):
                found.setdefault(name, f"{when}: {name} is {b!r}, not {a!r}")
    if list(got[0]) != expected[0]:
        found[""] = f"{when}: header {got[0]}"
    problems += found.values()


def try_driver(name, url, digits, create, context, folder, view, expected):
    """Reads the view into a new sheet, empties it, has it refreshed."""
    bases = create("com.sun.star.sdb.DatabaseContext", context)
    base = bases.createInstance()
    base.URL, base.User, base.Password, base.IsPasswordRequired = url, os.environ["PGUSER"], os.environ["PGPASSWORD"], False
    base.TableFilter = ("%",)
    base.DatabaseDocument.storeAsURL(f"file://{folder}/{name}.odb", ())
    bases.registerObject(name, base)
    problems = []
    tables = base.getConnection(os.environ["PGUSER"], os.environ["PGPASSWORD"]).Tables.ElementNames
    document = create("com.sun.star.frame.Desktop", context).loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
    sheet = document.Sheets.getByIndex(0)
    cells = sheet.getCellRangeByPosition(0, 0, len(expected[0]) - 1, len(expected) - 1)
    # What "Data, Define Range" makes: a range that remembers where its rows come from.
    document.DatabaseRanges.addNewByName("mart", sheet.getCellRangeByName("A1").RangeAddress)
    sheet.getCellRangeByName("A1").doImport(properties(DatabaseName=name, SourceType=TABLE, SourceObject=next((table for table in tables if table.endswith(view)), view)))
    compare("read", expected, cells.getDataArray(), digits, problems)
    cells.clearContents(1 | 2 | 4)
    document.DatabaseRanges.getByName("mart").refresh()
    compare("refreshed", expected, cells.getDataArray(), digits, problems)
    document.storeAsURL(f"file://{folder}/{name}.ods", ())
    document.close(True)
    return len(tables), problems


def main(mart, folder):
    pipe = f"lead_kpi_{os.getpid()}"
    office = subprocess.Popen([shutil.which("soffice"), "--headless", "--invisible", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;",
                               f"-env:UserInstallation=file://{folder}/office"], env=dict(os.environ, ODBCINI=f"{folder}/odbc.ini", HOME=folder),
                              stderr=subprocess.DEVNULL)
    status = 0
    try:
        context = connect(pipe)
        create = context.ServiceManager.createInstanceWithContext
        cursor = psycopg.connect("").cursor()
        cursor.execute(f"SELECT * FROM {mart}.{VIEW}")
        expected = [[column[0] for column in cursor.description]] + [[as_cell(value) for value in row] for row in cursor]
        product = create("com.sun.star.configuration.ConfigurationProvider", context).createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess", properties(nodepath="/org.openoffice.Setup/Product")).getByName("ooSetupVersion")
        # psqlODBC calls float8 SQL_FLOAT, which LibreOffice takes for a number of 7 digits.
        for name, url, digits in (("odbc", "sdbc:odbc:lead_kpi", 6), ("sdbc", "sdbc:postgresql:host={PGHOST} port={PGPORT} dbname={PGDATABASE}".format(**os.environ), 15)):
            tables, problems = try_driver(name, url, digits, create, context, folder, VIEW, expected)
            how = {"odbc": "over ODBC", "sdbc": "with its own PostgreSQL driver"}[name]
            print(f"LibreOffice Calc {product} {how}: 1 view of {tables} listed, {len(expected[0])} columns, {len(expected) - 1} rows, read and refreshed,"
                  f" {len(problems)} problems")
            for problem in problems:
                print(f"  problem: {problem}")
            status |= bool(problems)
    finally:
        office.terminate()
        office.wait(30)
    return status


sys.exit(main(*sys.argv[1:]))
