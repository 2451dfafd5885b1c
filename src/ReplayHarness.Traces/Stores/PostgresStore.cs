using System.Data.Common;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>PostgreSQL with a table or view <c>records</c> of Logfire's columns, through the data source that the caller opens.</summary>
internal sealed class PostgresStore(string source, string connection, StoreOptions options) : RecordsStore(source, options)
{
    private const int TimeoutSeconds = 100;
    private const string UndefinedTable = "42P01";

    protected override IReadOnlyList<string> Query(string sql, long? sinceNanos)
    {
        if (Options.Postgres is not { } open)
            throw new BadInputException(
                $"{Source}: nothing was given that opens PostgreSQL; set {nameof(StoreOptions)}.{nameof(Options.Postgres)}"
            );
        try
        {
            using var database = open(connection);
            return Rows(database, sql);
        }
        catch (DbException e) when (e.SqlState is { } state)
        {
            throw new BadInputException(
                $"{Source}: PostgreSQL refuses: {MessageOf(e, state)} "
                    + $"({state}){(state == UndefinedTable ? "; it needs a table or view records with Logfire's columns" : "")}"
            );
        }
        catch (Exception e) when (e is DbException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new BadInputException($"{Source}: cannot be reached: {e.Message.TrimEnd('.')}; is the address right, and is it running?");
        }
        catch (ArgumentException e)
        {
            throw new BadInputException(
                $"{Source}: {e.Message.TrimEnd('.')}; expected a connection, for example "
                    + $"postgres://user@127.0.0.1:5432/database or postgres:Host=127.0.0.1;Database=traces"
            );
        }
    }

    // PostgreSQL itself writes the rows as JSON, whatever the columns' types.
    private static List<string> Rows(DbDataSource database, string sql)
    {
        using var opened = database.OpenConnection();
        using var command = opened.CreateCommand();
        // the same SQL.
#pragma warning disable CA2100 // RecordsSql writes every value as a quoted literal: Logfire's interface takes no parameters, and both get
        command.CommandText = $"SELECT row_to_json(r)::text FROM ({sql}) r";
#pragma warning restore CA2100
        command.CommandTimeout = TimeoutSeconds;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    // Npgsql writes the state before the message, and the place in the SQL below it.
    private static string MessageOf(DbException e, string state)
    {
        var line = e.Message.Split('\n', 2)[0].Trim();
        return line.StartsWith(state + ": ", StringComparison.Ordinal) ? line[(state.Length + 2)..] : line;
    }
}
