using System.Linq.Expressions;
using Microsoft.Extensions.AI;

namespace ReplayHarness.Tests.Replays;

/// <summary>Does something with files beside its calls.</summary>
public abstract class UsesFiles : CommonLoop
{
    /// <summary>A file that other runs find, too.</summary>
    protected static string Beside { get; } = Path.Combine(AppContext.BaseDirectory, $"shelves-{Environment.ProcessId}.txt");

    protected abstract Task UseAsync();

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        await UseAsync();
        return await base.CallAsync(services, call, token);
    }
}

public sealed class WritesBeside : UsesFiles
{
    protected override async Task UseAsync()
    {
        await File.WriteAllTextAsync(Beside, "full");
        File.Delete(Beside);
    }
}

/// <summary>Deletes what it has left: by a delegate of a static member, and by one of a virtual member.</summary>
public sealed class DeletesByDelegates : UsesFiles
{
    protected override Task UseAsync()
    {
        using (new StreamWriter(Path.Combine(Path.GetTempPath(), "ours"), append: true)) { }
        new List<string> { Path.Combine(Path.GetTempPath(), "ours"), Write() }.ForEach(File.Delete);
        Array.ForEach([new FileInfo(Write())], file => ((Action)file.Delete)());
        return Task.CompletedTask;
    }

    private static string Write()
    {
        using var writer = new Shelf(Beside);
        return Beside;
    }

    private sealed class Shelf(string path) : StreamWriter(path);
}

/// <summary>Opens a file without saying what for, and writes.</summary>
public sealed class WritesWhatItOpened : UsesFiles
{
    protected override async Task UseAsync()
    {
        File.Create(Beside).Dispose();
        await using (var file = new FileStream(Beside, FileMode.Open))
            await file.WriteAsync("full"u8.ToArray());
        File.Delete(Beside);
    }
}

/// <summary>Leaves by a link.</summary>
public sealed class LinksOut : UsesFiles
{
    protected override Task UseAsync()
    {
        Directory.CreateSymbolicLink(Path.Combine(Path.GetTempPath(), "out"), AppContext.BaseDirectory);
        Directory.Delete(Path.Combine(Path.GetTempPath(), "out"));
        return Task.CompletedTask;
    }
}

/// <summary>Reads what nobody writes, in all ways, and writes in its temporary folder only.</summary>
public sealed class ReadsBeside : UsesFiles
{
    private static string Its { get; } = Path.ChangeExtension(typeof(ReadsBeside).Assembly.Location, ".deps.json");

    protected override async Task UseAsync()
    {
        var length = File.ReadAllBytes(Its).Length;
        foreach (var open in Opened())
            await using (var stream = open())
                length = stream.Length == length ? length : throw new InvalidOperationException("another file");
        using (new StreamReader(Its)) { }
        Directory.CreateDirectory(AppContext.BaseDirectory);
        File.Delete(Beside);
        File.AppendAllText("/dev/null", "nothing");
        WriteOwn();
    }

    private static IEnumerable<Func<Stream>> Opened() =>
        [
            () => new FileStream(Its, FileMode.Open),
            () => new FileStream(Its, FileMode.Open, FileAccess.Read, FileShare.Read),
            () => new FileStream(Its, new FileStreamOptions()),
            () => File.Open(Its, FileMode.Open),
            () => File.Open(Its, FileMode.OpenOrCreate, FileAccess.Read),
            () => new FileInfo(Its).Open(FileMode.Open),
            () => new FileInfo(Its).OpenRead(),
        ];

    private static void WriteOwn()
    {
        var folder = Directory.CreateTempSubdirectory("shelves");
        var file = Path.Combine(folder.FullName, "one");
        File.WriteAllText(file, "full");
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "two"), "one");
        File.Move(file, Path.GetTempFileName(), overwrite: true);
        using (var stream = new FileStream(file, FileMode.Create))
            stream.WriteByte(1);
        folder.CreateSubdirectory("more").Delete();
        folder.Delete(recursive: true);
    }
}

/// <summary>Asks how old a file of its own is.</summary>
public sealed class AsksWhenItWrote : UsesFiles
{
    protected override Task UseAsync()
    {
        var file = Path.GetTempFileName();
        return File.GetLastWriteTimeUtc(file) > DateTime.UnixEpoch ? Task.CompletedTask : throw new InvalidOperationException("no time");
    }
}

/// <summary>Asks whoever sits before it.</summary>
public sealed class AsksAtTheConsole : UsesFiles
{
    protected override Task UseAsync() =>
        Console.ReadLine() is null ? Task.CompletedTask : throw new InvalidOperationException("nobody sits there");
}

/// <summary>Compiles what it wrote as an expression.</summary>
public sealed class AsksTheTimeInAnExpression : UsesFiles
{
    protected override Task UseAsync()
    {
        Expression<Func<DateTime>> now = () => DateTime.UtcNow;
        return now.Compile()() > DateTime.UnixEpoch ? Task.CompletedTask : throw new InvalidOperationException("no time");
    }
}

public sealed class NamesAMutex : UsesFiles
{
    protected override Task UseAsync()
    {
        using var mutex = new Mutex(initiallyOwned: false, $"shelves-{Environment.ProcessId}", out _);
        return Task.CompletedTask;
    }
}

public sealed class WatchesAFolder : UsesFiles
{
    protected override Task UseAsync()
    {
        using var watcher = new FileSystemWatcher(Path.GetTempPath());
        watcher.EnableRaisingEvents = true;
        return Task.CompletedTask;
    }
}

public sealed class OpensAPipe : UsesFiles
{
    protected override async Task UseAsync()
    {
        await using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
    }
}
