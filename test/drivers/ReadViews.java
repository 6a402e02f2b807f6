// Reads every view of a mart through PgJDBC, as a BI tool in Java does: java -cp postgresql.jar ReadViews.java QUERIES MART
// QUERIES has a line "view, tab, statement" per view: its columns, then each of them again as the server writes it.
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.*;
import java.time.*;
import java.util.*;

class ReadViews
{
	static final Set<Integer> PLAIN = Set.of(Types.INTEGER, Types.BIGINT, Types.SMALLINT, Types.DOUBLE, Types.NUMERIC, Types.VARCHAR, Types.BIT, Types.BOOLEAN,
		Types.DATE, Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE);
	static final Set<String> problems = new LinkedHashSet<>();
	static int remarks;
	static final Map<String, Integer> types = new TreeMap<>();

	public static void main(String[] arguments) throws Exception
	{
		Map<String, String> environment = System.getenv();
		Properties properties = new Properties();
		int views = 0, columns = 0;
		long rows = 0;

		properties.setProperty("user", environment.get("PGUSER"));
		properties.setProperty("password", environment.getOrDefault("PGPASSWORD", ""));
		properties.setProperty("ApplicationName", "lead_kpi drivers");
		try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + environment.get("PGHOST") + ":" + environment.get("PGPORT") + "/"
			+ environment.get("PGDATABASE"), properties))
		{
			DatabaseMetaData about = connection.getMetaData();

			connection.setReadOnly(true);
			connection.setAutoCommit(false);
			for (String line : Files.readAllLines(Path.of(arguments[0])))
			{
				String view = line.substring(0, line.indexOf('\t')), query = line.substring(line.indexOf('\t') + 1);
				Set<String> listed = metadata(about, arguments[1], view);

				try (Statement statement = connection.createStatement())
				{
					statement.setFetchSize(1000);
					try (ResultSet result = statement.executeQuery(query))
					{
						ResultSetMetaData shape = result.getMetaData();
						int width = shape.getColumnCount() / 2;

						for (int i = 1; i <= width; i++)
						{
							String column = view + "." + shape.getColumnName(i);

							types.merge(JDBCType.valueOf(shape.getColumnType(i)).getName() + " " + shape.getColumnClassName(i).replaceFirst(".*\\.", ""), 1, Integer::sum);
							if (!PLAIN.contains(shape.getColumnType(i)))
								problems.add(column + ": type " + shape.getColumnTypeName(i) + " is not plain");
							if (!listed.contains(shape.getColumnName(i)))
								problems.add(column + ": not in getColumns");
						}
						while (result.next())
						{
							rows++;
							for (int i = 1; i <= width; i++)
							{
								String trouble = compare(result, i, result.getString(width + i));

								if (trouble != null)
									problems.add(view + "." + shape.getColumnName(i) + ": " + trouble);
							}
						}
						columns += width;
					}
					views++;
					connection.commit();
				}
				catch (SQLException error)
				{
					problems.add(view + ": " + error.getMessage());
					connection.rollback();
				}
			}
			System.out.printf("PgJDBC %s: %d views, %d columns, %d rows, %d problems%n", about.getDriverVersion(), views, columns, rows, problems.size());
		}
		System.out.println("  types: " + types);
		System.out.println("  remarks: " + remarks);
		problems.forEach(problem -> System.out.println("  problem: " + problem));
		System.exit(problems.isEmpty() ? 0 : 1);
	}

	/** The columns that the driver lists, each of which has its comment as a remark. */
	static Set<String> metadata(DatabaseMetaData about, String mart, String view) throws SQLException
	{
		Set<String> listed = new HashSet<>();

		try (ResultSet table = about.getTables(null, mart.replace("_", "\\_"), view.replace("_", "\\_"), new String[] { "VIEW" }))
		{
			if (!table.next())
				problems.add(view + ": not in getTables");
			else if (table.getString("REMARKS") == null || table.getString("REMARKS").isEmpty())
				problems.add(view + ": no remark");
			else
				remarks++;
		}
		try (ResultSet column = about.getColumns(null, mart.replace("_", "\\_"), view.replace("_", "\\_"), null))
		{
			while (column.next())
			{
				listed.add(column.getString("COLUMN_NAME"));
				if (!PLAIN.contains(column.getInt("DATA_TYPE")))
					problems.add(view + "." + column.getString("COLUMN_NAME") + ": listed as " + column.getString("TYPE_NAME"));
				if (column.getString("REMARKS") == null || column.getString("REMARKS").isEmpty())
					problems.add(view + "." + column.getString("COLUMN_NAME") + ": no remark");
				else
					remarks++;
			}
		}
		return listed;
	}

	/** What is wrong with a value, beside the text that the server wrote of it; null when nothing is. */
	static String compare(ResultSet result, int i, String text) throws SQLException
	{
		Object value = result.getObject(i);
		boolean same;

		if (value == null || text == null)
			return value == null && text == null ? null : "NULL is not NULL";
		if (value instanceof Double)
		{
			if (((Double) value).isNaN() || ((Double) value).isInfinite())
				return "not a finite number";
			same = ((Double) value) == Double.parseDouble(text);
		}
		else if (value instanceof BigDecimal)
			same = ((BigDecimal) value).compareTo(new BigDecimal(text)) == 0;
		else if (value instanceof Boolean)
			same = text.equals(value.toString());
		else if (text.endsWith("nfinity"))
			return "infinity comes as " + value;
		else if (value instanceof Timestamp)
		{
			Instant instant = result.getObject(i, OffsetDateTime.class).toInstant();

			same = instant.equals(((Timestamp) value).toInstant())
				&& new BigDecimal(text).compareTo(BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9))) == 0;
		}
		else if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof String || value instanceof java.sql.Date)
			same = text.equals(value.toString());
		else
			return "comes as " + value.getClass().getName();
		return same ? null : "comes as " + value + ", is " + text;
	}
}
