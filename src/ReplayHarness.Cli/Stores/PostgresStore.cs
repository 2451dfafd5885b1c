using Npgsql;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Stores;

/// <summary>PostgreSQL with a table or view <c>records</c> of Logfire's columns.</summary>
internal sealed class PostgresStore(string source, string connection, bool strict) : RecordsStore(source, strict)
{
    private const int TimeoutSeconds = 100;

    protected override IReadOnlyList<string> Query(string sql, long? sinceNanos)
    {
        try
        {
            using var opened = new NpgsqlConnection(Settings());
            opened.Open();
            // PostgreSQL itself writes the rows as JSON, whatever the columns' types.
            // Logfire's interface takes no parameters, and both get the same SQL.
#pragma warning disable CA2100 // RecordsSql writes every value as a quoted literal.
            using var command = new NpgsqlCommand($"SELECT row_to_json(r)::text FROM ({sql}) r", opened)
            {
                CommandTimeout = TimeoutSeconds,
            };
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            var rows = new List<string>();
            while (reader.Read())
                rows.Add(reader.GetString(0));
            return rows;
        }
        catch (PostgresException e)
        {
            throw new BadInputException(
                $"{Source}: PostgreSQL refuses: {e.MessageText} "
                    + $"({e.SqlState})"
                    + (e.SqlState == PostgresErrorCodes.UndefinedTable ? "; it needs a table or view records with Logfire's columns" : "")
            );
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
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

    // postgres://user:password@host:port/database, or keywords as they are.
    private string Settings()
    {
        if (!connection.StartsWith("//", StringComparison.Ordinal))
            return new NpgsqlConnectionStringBuilder(connection) { Timezone = "UTC" }.ConnectionString;
        if (!Uri.TryCreate("postgres:" + connection, UriKind.Absolute, out var uri))
            throw new ArgumentException("is no address");
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Timezone = "UTC",
        };
        if (user[0].Length > 0)
            settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            settings.Password = Uri.UnescapeDataString(user[1]);
        return settings.ConnectionString;
    }
}
