using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// Files of a folder that change together: after a process was killed at any point, all of them are as before, or all can be put in place.
/// They are first written to a hidden folder. Then a journal that lists the moves appears under its name in one step: from then on the
/// change is decided. The moves follow, and the journal goes. Whoever writes next finishes, or deletes, what was left.
/// </summary>
internal sealed class WholeSet : IDisposable
{
    /// <summary>The hidden folder that drafts and journal lie in.</summary>
    public const string HiddenName = ".replay-harness-new";

    /// <summary>What an interrupted writer left was complete, and is in place now.</summary>
    public const string Finished = "a command was stopped here when its files were complete; they are in place now";

    /// <summary>What an interrupted writer left was not complete, and is gone.</summary>
    public const string Deleted =
        "a command was stopped here before its files were complete; they are deleted, and all is as it was before";

    private const string JournalName = "journal.json",
        Inside = "files",
        Beside = "beside";

    private readonly string _folder;
    private readonly Action? _afterEach;
    private readonly bool _isNew;
    private readonly FileStream _lock;
    private readonly List<string[]> _moves = [];

    private WholeSet(string folder, TimeSpan patience, bool besides, Action? afterEach)
    {
        (_folder, _afterEach) = (FullPath(folder), afterEach);
        _isNew = !Directory.Exists(_folder);
        _lock = FolderLock.Take(_folder, OwnerIn(_folder), patience);
        try
        {
            afterEach?.Invoke();
            Mended = MendLocked(_folder, besides, afterEach);
            Directory.CreateDirectory(Hidden(_folder));
            File.WriteAllText(
                OwnerIn(_folder),
                string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} of {Environment.MachineName}")
            );
            afterEach?.Invoke();
        }
        catch
        {
            // On a full disk, for example, nothing of it stays.
            using (_lock)
                if (!IsDecided(_folder))
                    DeleteHidden(_folder);
            if (_isNew)
                DeleteEmpty(_folder);
            throw;
        }
    }

    /// <summary>What an earlier writer had left, and what became of it; null for nothing.</summary>
    public string? Mended { get; }

    /// <summary>
    /// Begins to write files of a folder, which is made where there is none. One writer at a time: a second one waits, and then says so.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="besides">Whether the set, or one that was interrupted, may put new files beside the folder.</param>
    /// <param name="patience">How long it waits for another writer; null for five seconds.</param>
    /// <param name="afterEach">Told of each step that changed something on the disk.</param>
    /// <exception cref="BadInputException">Another process writes there, or what was left there cannot be used.</exception>
    public static WholeSet Begin(string folder, bool besides = false, TimeSpan? patience = null, Action? afterEach = null) =>
        new(folder, patience ?? FolderLock.Patience, besides, afterEach);

    /// <summary>Before writing: finishes or deletes what an interrupted writer left, and says which; null for nothing.</summary>
    public static string? Mend(string folder, bool besides = false)
    {
        if (!Directory.Exists(Hidden(folder)) && !FolderLock.IsThere(folder))
            return null;
        var full = FullPath(folder);
        using var held = FolderLock.Take(full, OwnerIn(full), FolderLock.Patience);
        return MendLocked(full, besides, afterEach: null);
    }

    /// <summary>
    /// Before reading: finishes what had been decided, and says so; null for nothing. Drafts that nobody decided on are no obstacle.
    /// </summary>
    /// <exception cref="BadInputException">It cannot be finished here, because the folder cannot be written.</exception>
    public static string? MendForReading(string folder)
    {
        if (!IsDecided(folder))
            return null;
        try
        {
            return Mend(folder);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw NotInPlace(folder, e);
        }
    }

    /// <summary>Whether files were decided on and are not all in place yet.</summary>
    public static bool IsDecided(string folder) => File.Exists(Journal(folder));

    /// <summary>Where a file, or a whole folder, of the set is drafted. Its parent is there.</summary>
    /// <param name="name">Its path within the folder.</param>
    public string Draft(string name) => DraftIn(Inside, name);

    /// <summary>Where a file is drafted that is to lie beside the folder. One that is there already stays.</summary>
    public string DraftBeside(string name) => DraftIn(Beside, name);

    /// <summary>Writes the draft of a file.</summary>
    public void Write(string name, Action<Stream> write)
    {
        using (var output = File.Create(Draft(name)))
            write(output);
        _afterEach?.Invoke();
    }

    /// <summary>A file of the folder that is to take the place of another one of it.</summary>
    /// <param name="from">The file, within the folder.</param>
    /// <param name="to">The other, within the folder.</param>
    public void Move(string from, string to) => _moves.Add([Slashed(from), Slashed(to)]);

    /// <summary>Decides, and puts the files in place.</summary>
    public void Commit()
    {
        var (inside, beside) = (Path.Combine(Hidden(_folder), Inside), Path.Combine(Hidden(_folder), Beside));
        foreach (var file in Files(inside).Concat(Files(beside)))
            using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(handle);
        AddMoves(inside, "");
        foreach (var file in Files(beside))
            _moves.Add([$"{HiddenName}/{Beside}/{Path.GetFileName(file)}", $"../{Path.GetFileName(file)}"]);
        if (WholeSetJournal.Outside(_folder, _moves, besides: true) is { } outside)
            throw new BadInputException($"{_folder}: {outside} leads out of it, or through a link; nothing is written there");
        var draft = Journal(_folder) + ".part";
        WholeSetJournal.Write(draft, _moves);
        _afterEach?.Invoke();
        File.Move(draft, Journal(_folder));
        _afterEach?.Invoke();
        Finish(_folder, besides: true, _afterEach);
    }

    /// <summary>Deletes what was drafted and not decided on, and lets others write.</summary>
    public void Dispose()
    {
        // Where the moves were decided on and one failed, the next writer finishes them.
        if (!IsDecided(_folder))
            DeleteHidden(_folder);
        _lock.Dispose();
        if (_isNew)
            DeleteEmpty(_folder);
    }

    private static void DeleteEmpty(string folder)
    {
        try
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Another writer has begun there.
        }
    }

    private string DraftIn(string kind, string name)
    {
        var path = Path.Combine(Hidden(_folder), kind, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _afterEach?.Invoke();
        return path;
    }

    // What is not there yet is moved as a whole: a new folder appears in one step.
    private void AddMoves(string drafts, string name)
    {
        if (!Directory.Exists(drafts))
            return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(drafts).Order(StringComparer.Ordinal))
        {
            var own = name.Length == 0 ? Path.GetFileName(entry) : $"{name}/{Path.GetFileName(entry)}";
            if (Directory.Exists(entry) && Directory.Exists(Path.Combine(_folder, own)))
                AddMoves(entry, own);
            else
                _moves.Add([$"{HiddenName}/{Inside}/{own}", own]);
        }
    }

    private static string? MendLocked(string folder, bool besides, Action? afterEach)
    {
        if (IsDecided(folder))
        {
            Finish(folder, besides, afterEach);
            return Finished;
        }
        if (!Directory.Exists(Hidden(folder)))
            return null;
        var isEmpty = !Directory.EnumerateFileSystemEntries(Hidden(folder)).Any();
        DeleteHidden(folder);
        afterEach?.Invoke();
        return isEmpty ? null : Deleted;
    }

    private static void Finish(string folder, bool besides, Action? afterEach)
    {
        var moves = WholeSetJournal.Read(folder, Journal(folder), besides);
        try
        {
            foreach (var (from, to) in moves)
            {
                MoveInto(from, to, overwrite: Path.GetDirectoryName(to) != Path.GetDirectoryName(folder));
                afterEach?.Invoke();
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw NotInPlace(folder, e);
        }
        // The journal last but one: without it, what is left is taken for drafts that nobody decided on.
        foreach (var drafts in (string[])[Path.Combine(Hidden(folder), Inside), Path.Combine(Hidden(folder), Beside)])
            if (Directory.Exists(drafts))
                Directory.Delete(drafts, recursive: true);
        File.Delete(OwnerIn(folder));
        afterEach?.Invoke();
        File.Delete(Journal(folder));
        afterEach?.Invoke();
        DeleteHidden(folder);
        afterEach?.Invoke();
    }

    // What is no longer where it came from was moved before the writer was stopped. No draft is a link, and none is put behind one.
    private static void MoveInto(string from, string to, bool overwrite)
    {
        if (WholeSetJournal.IsLink(from))
            throw new IOException($"{from} is a link");
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (File.Exists(from) && (overwrite || !File.Exists(to)))
            File.Move(from, to, overwrite);
        else if (Directory.Exists(from) && WholeSetJournal.IsLink(to))
            throw new IOException($"{to} is a link");
        else if (Directory.Exists(from) && !Directory.Exists(to))
            Directory.Move(from, to);
        else if (Directory.Exists(from))
            foreach (var entry in Directory.EnumerateFileSystemEntries(from))
                MoveInto(entry, Path.Combine(to, Path.GetFileName(entry)), overwrite);
    }

    private static void DeleteHidden(string folder)
    {
        // A link is deleted itself, and not what it leads to.
        if (WholeSetJournal.IsLink(Hidden(folder)))
            File.Delete(Hidden(folder));
        else if (Directory.Exists(Hidden(folder)))
            Directory.Delete(Hidden(folder), recursive: true);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [];

    private static BadInputException NotInPlace(string folder, Exception why) =>
        new(
            $"{folder}: a command was stopped here when its files were complete, and they cannot be put in place: "
                + $"{why.Message.TrimEnd('.')}. Run it once more where the folder can be written; or delete {Hidden(folder)}, and the "
                + $"folder stays as it is",
            why
        );

    private static string FullPath(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private static string Hidden(string folder) => Path.Combine(folder, HiddenName);

    private static string OwnerIn(string folder) => Path.Combine(folder, HiddenName, "owner");

    private static string Journal(string folder) => Path.Combine(folder, HiddenName, JournalName);

    private static string Slashed(string name) => OperatingSystem.IsWindows() ? name.Replace('\\', '/') : name;
}
