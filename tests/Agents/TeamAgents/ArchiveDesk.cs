using System.ComponentModel;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.AI;

namespace TeamAgents;

/// <summary>A record of an archive.</summary>
public sealed class ArchiveRecord
{
    public int Id { get; set; }

    public string Kind { get; set; } = "";

    public string Title { get; set; } = "";
}

/// <summary>An archive in SQLite.</summary>
public sealed class ArchiveContext(SqliteConnection connection) : DbContext
{
    public DbSet<ArchiveRecord> Records => Set<ArchiveRecord>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.UseSqlite(connection).AddInterceptors(new Admission());

    /// <summary>Each command is let in by a gatekeeper, who takes his time.</summary>
    private sealed class Admission : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(40), cancellationToken);
            return result;
        }
    }
}

/// <summary>The archive, with what stands in it.</summary>
public sealed class Archive : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public Archive()
    {
        _connection.Open();
        using var context = Open();
        context.Database.EnsureCreated();
        context.Records.AddRange(
            new ArchiveRecord { Kind = "map", Title = "Map of the harbour" },
            new ArchiveRecord { Kind = "letter", Title = "Letter of the harbour master" }
        );
        context.SaveChanges();
    }

    public ArchiveContext Open() => new(_connection);

    public void Dispose() => _connection.Dispose();
}

/// <summary>An agent whose two tools ask a database; each takes the context that it is given.</summary>
public sealed class ArchiveDesk(IChatClient model, Func<ArchiveContext> context, bool fatal)
{
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var chat = Pipeline.Around(model, "Archive", fatal);
        var options = new ChatOptions
        {
            Tools = [AIFunctionFactory.Create(FindMapAsync, "find_map"), AIFunctionFactory.Create(FindLetterAsync, "find_letter")],
        };
        return (await chat.GetResponseAsync(question, options, cancellationToken)).Text;
    }

    [Description("Finds a map.")]
    private Task<string> FindMapAsync(string about, CancellationToken cancellationToken) => FindAsync("map", about, cancellationToken);

    [Description("Finds a letter.")]
    private Task<string> FindLetterAsync(string about, CancellationToken cancellationToken) =>
        FindAsync("letter", about, cancellationToken);

    private async Task<string> FindAsync(string kind, string about, CancellationToken cancellationToken)
    {
        var titles = await context()
            .Records.Where(r => r.Kind == kind && r.Title.Contains(about))
            .OrderBy(r => r.Id)
            .Select(r => r.Title)
            .ToListAsync(cancellationToken);
        return titles is [] ? "none" : string.Join(", ", titles);
    }
}
