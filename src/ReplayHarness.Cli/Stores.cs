using Npgsql;
using ReplayHarness.Stores;

namespace ReplayHarness.Cli;

/// <summary>The stores that the command line can ask.</summary>
internal static class Stores
{
    private const int DefaultPort = 5432;

    /// <summary>The store that a source names, or null where it names files.</summary>
    public static TraceStore? Open(string source, bool strict) =>
        TraceStore.Open(
            source,
            new StoreOptions
            {
                Clock = RealTime.Clock,
                Strict = strict,
                Objects = () => new S3Objects(),
                Postgres = connection => NpgsqlDataSource.Create(Settings(connection)),
            }
        );

    // postgres://user:password@host:port/database, or keywords as they are.
    private static NpgsqlConnectionStringBuilder Settings(string connection)
    {
        if (!connection.StartsWith("//", StringComparison.Ordinal))
            return new NpgsqlConnectionStringBuilder(connection) { Timezone = "UTC" };
        if (!Uri.TryCreate("postgres:" + connection, UriKind.Absolute, out var uri))
            throw new ArgumentException("is no address");
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Timezone = "UTC",
        };
        if (user[0].Length > 0)
            settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            settings.Password = Uri.UnescapeDataString(user[1]);
        return settings;
    }
}
