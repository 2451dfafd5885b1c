using Npgsql;
using ReplayHarness.Tests.Support.Containers;

namespace ReplayHarness.Tests.Support;

/// <summary>
/// Debian's PostgreSQL, started on loopback in a folder of its own, with the traces of an incident as Logfire's <c>records</c>.
/// </summary>
internal sealed class Postgres : IDisposable
{
    private const string Schema = """
        CREATE TABLE records (kind text, start_timestamp timestamptz, end_timestamp timestamptz, duration double precision, trace_id text, span_id text, parent_span_id text,
          span_name text, message text, level int, is_exception boolean, exception_type text, exception_message text, exception_stacktrace text, attributes jsonb,
          otel_status_code text, otel_status_message text, otel_events jsonb, otel_resource_attributes jsonb, otel_scope_name text, otel_scope_version text, service_name text, deployment_environment text)
        """;

    private readonly string _folder;
    private readonly string _bin;
    private readonly int _port = Component.FreePort();

    private Postgres(string bin)
    {
        _bin = bin;
        _folder = Directory.CreateTempSubdirectory("replay-harness-postgres-").FullName;
        if (IsRoot)
            Component.Run("chown", "postgres", _folder);
        Do("initdb", "-A", "trust", "-U", "postgres", "-D", Path.Combine(_folder, "data"));
        Do(
            "pg_ctl",
            "-s",
            "-w",
            "-D",
            Path.Combine(_folder, "data"),
            "-l",
            Path.Combine(_folder, "log"),
            "-o",
            $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c fsync=off",
            "start"
        );
    }

    public string Address => $"postgres://postgres@127.0.0.1:{_port}/postgres";

    private string Connection => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Pooling=false";

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Starts it, or skips the test.</summary>
    public static Postgres Start()
    {
        var bin = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Order(StringComparer.Ordinal)
                .Select(d => Path.Combine(d, "bin"))
                .LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;
        bin ??= Path.GetDirectoryName(Component.OnPath("initdb"));
        if (bin is null)
            Component.Missing("PostgreSQL's server is not installed (Debian: postgresql)");
        return new Postgres(bin!);
    }

    /// <summary>Runs SQL and gives each row as JSON.</summary>
    public IReadOnlyList<string> Rows(string sql)
    {
        using var connection = new NpgsqlConnection(Connection);
        connection.Open();
        using var command = new NpgsqlCommand($"SELECT row_to_json(r)::text FROM ({sql}) r", connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>Makes the table and fills it.</summary>
    public void Fill(IReadOnlyList<ReplayHarness.Traces.Trace> traces, int padding = 0)
    {
        Execute(Schema);
        foreach (var row in LogfireWriter.Rows(traces))
            Execute("INSERT INTO records SELECT * FROM json_populate_record(null::records, @row::json)", row.ToJsonString());
        // A pending row announces each span; many rows of one trace make pages.
        Execute(
            "INSERT INTO records SELECT (json_populate_record(r, '{\"kind\":\"pending_span\",\"end_timestamp\":null}')).* FROM records r"
        );
        if (padding > 0)
            Execute(
                $"INSERT INTO records SELECT (json_populate_record(r, json_build_object('span_id', lpad(to_hex(n + 1048576), "
                    + $"16, '0'), 'parent_span_id', r.span_id, 'span_name', 'padding'))).* FROM records r, generate_series(1, "
                    + $"{padding}) n WHERE r.kind = 'span' AND r.span_id = (SELECT span_id FROM records ORDER BY start_timestamp, "
                    + $"span_id LIMIT 1)"
            );
    }

    private void Execute(string sql, string? row = null)
    {
        using var connection = new NpgsqlConnection(Connection);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        if (row is not null)
            command.Parameters.AddWithValue("row", row);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        Do("pg_ctl", "-s", "-w", "-m", "immediate", "-D", Path.Combine(_folder, "data"), "stop");
        Directory.Delete(_folder, recursive: true);
    }

    // PostgreSQL does not run as root.
    private void Do(string program, params string[] arguments)
    {
        string[] all = IsRoot ? ["-u", "postgres", "--", Path.Combine(_bin, program), .. arguments] : arguments;
        var start = new System.Diagnostics.ProcessStartInfo(IsRoot ? "runuser" : Path.Combine(_bin, program))
        {
            WorkingDirectory = _folder,
        };
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        start.RedirectStandardOutput = program == "initdb";
        using var process = System.Diagnostics.Process.Start(start)!;
        if (program == "initdb")
            process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
