using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>
/// Files that belong together, where their writer is killed. What a kill leaves on the disk after a step is what lies there after that
/// step: a copy of it is kept for each, and each is mended.
/// </summary>
public sealed class WholeSetTests
{
    [Test]
    public void A_fixture_is_the_old_or_the_new_one_wherever_its_writer_was_killed()
    {
        using var folder = new TempFolder();
        var (fixture, states) = (Path.Combine(folder.Path, "incident"), Path.Combine(folder.Path, "states"));
        Write(fixture, "ValueError", null);
        File.WriteAllText(Path.Combine(fixture, "notes.txt"), "mine");
        var (old, before) = (Text(fixture), FixtureFolder.Load(fixture).Fixture.Source.TracesHash);
        var count = 0;
        Write(fixture, "KeyError", () => Copy(fixture, Path.Combine(states, $"{count++}")));
        var (changed, after) = (Text(fixture), FixtureFolder.Load(fixture).Fixture.Source.TracesHash);
        Assert.That(changed, Is.Not.EqualTo(old));
        Assert.That(count, Is.GreaterThan(15));
        List<string?> said = [];
        for (var i = 0; i < count; i++)
        {
            var state = Path.Combine(states, $"{i}");
            var reader = Path.Combine(states, $"{i}-read");
            Copy(state, reader);
            Assert.That(FixtureFolder.Load(reader).Fixture.Source.TracesHash, Is.EqualTo(before).Or.EqualTo(after));
            said.Add(WholeSet.Mend(state));
            Assert.That(Text(state), Is.EqualTo(said[^1] == WholeSet.Deleted || i < 3 ? old : changed), $"step {i}: {said[^1]}");
            Assert.That(Directory.GetFileSystemEntries(state, ".*"), Is.Empty, $"step {i}");
        }
        Assert.That(
            said.OfType<string>().Distinct(),
            Is.EqualTo(new[] { WholeSet.Deleted, WholeSet.Finished }),
            "first nothing was decided, then all was"
        );
    }

    [Test]
    public void Folders_and_files_beside_appear_with_the_rest()
    {
        using var folder = new TempFolder();
        var (place, states) = (Path.Combine(folder.Path, "place"), Path.Combine(folder.Path, "states"));
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "there.txt"), "there");
        var (old, count) = (Text(place), 0);
        using (var set = WholeSet.Begin(Path.Combine(place, "tests"), besides: true, afterEach: Keep))
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(set.Draft("fixtures/one")).FullName, "fixture.json"), "{}");
            set.Write("one/OneTests.cs", output => output.Write("class One;"u8));
            set.Write("tests.csproj", output => output.Write("<Project/>"u8));
            File.WriteAllText(set.DraftBeside("there.txt"), "never");
            File.WriteAllText(set.DraftBeside("global.json"), "{}");
            set.Commit();
        }
        var changed = Text(place);
        Assert.That(
            changed,
            Is.EqualTo(
                "global.json:{}\ntests/fixtures/one/fixture.json:{}\ntests/one/OneTests.cs:class One;\ntests/tests.csproj:<Project/>\n"
                    + "there.txt:there\n"
            )
        );
        for (var i = 0; i < count; i++)
        {
            var state = Path.Combine(states, $"{i}");
            var said = WholeSet.Mend(Path.Combine(state, "tests"), besides: true);
            Assert.That(Text(state), Is.EqualTo(said == WholeSet.Deleted || i < 3 ? old : changed), $"step {i}: {said}");
        }

        void Keep() => Copy(place, Path.Combine(states, $"{count++}"));
    }

    [Test]
    public void What_was_not_decided_on_leaves_nothing()
    {
        using var folder = new TempFolder();
        var place = Path.Combine(folder.Path, "new");
        using (var set = WholeSet.Begin(place))
            set.Write("a.txt", output => output.Write("a"u8));
        Assert.That(Directory.Exists(place), Is.False);
    }

    // A full disk: of what was begun nothing stays, not the folder either.
    [Test]
    public void What_could_not_begin_leaves_nothing()
    {
        using var folder = new TempFolder();
        var (place, steps) = (Path.Combine(folder.Path, "new"), 0);
        Assert.That(
            () => WholeSet.Begin(place, afterEach: () => _ = ++steps == 2 ? throw new IOException("full") : steps),
            Throws.TypeOf<IOException>().With.Message.EqualTo("full")
        );
        Assert.That(Directory.Exists(place), Is.False);
    }

    [Test]
    public async Task Of_two_writers_one_waits_or_says_who_writes()
    {
        using var folder = new TempFolder();
        var first = WholeSet.Begin(folder.Path);
        Assert.That(
            () => WholeSet.Begin(folder.Path, patience: TimeSpan.Zero),
            Throws
                .TypeOf<BadInputException>()
                .With.Message.EqualTo(
                    $"{folder.Path}: process {Environment.ProcessId} of {Environment.MachineName} writes here now; "
                        + "try again when it has ended"
                )
        );
        var second = Task.Run(() => WholeSet.Begin(folder.Path));
        await Task.Delay(50);
        Assert.That(second.IsCompleted, Is.False);
        first.Dispose();
        (await second).Dispose();
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    // Whoever takes the lock deletes it when he is done: another one may hold the file that was just deleted.
    [Test]
    public async Task Of_many_writers_none_undoes_what_another_one_wrote()
    {
        using var folder = new TempFolder();
        var file = folder.Write("count", "0");
        const int Writers = 4,
            Times = 15;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(Count)));
        Assert.That(File.ReadAllText(file), Is.EqualTo($"{Writers * Times}"));

        void Count()
        {
            for (var i = 0; i < Times; i++)
            {
                using var set = WholeSet.Begin(folder.Path, patience: TimeSpan.FromSeconds(30));
                var next = int.Parse(File.ReadAllText(file)) + 1;
                set.Write("count", output => output.Write(Encoding.UTF8.GetBytes($"{next}")));
                set.Commit();
            }
        }
    }

    // A fixture may come from anywhere, and with it what it says was left half done.
    [TestCase("""[["a.txt","../stolen.txt"]]""", "../stolen.txt")]
    [TestCase("""[["../mine.txt","a.txt"]]""", "../mine.txt")]
    [TestCase("""[["a.txt","sub/../../stolen.txt"]]""", "sub/../../stolen.txt")]
    [TestCase("""[["a.txt","/tmp/replay-harness-stolen.txt"]]""", "/tmp/replay-harness-stolen.txt")]
    [TestCase("""[["a.txt","link/stolen.txt"]]""", "link/stolen.txt")]
    [TestCase("""[["link/mine.txt","b.txt"]]""", "link/mine.txt")]
    [TestCase("""[["link","b"]]""", "link")]
    [TestCase("""[["a.txt","b\u0000.txt"]]""", "b\0.txt")]
    [TestCase("""[["a.txt",null]]""", "no two paths")]
    [TestCase("""[["a.txt"]]""", "no two paths")]
    [Platform(Exclude = "Win", Reason = "a link needs a right there that few have")]
    public void What_is_left_moves_nothing_out_of_its_folder(string journal, string named)
    {
        using var folder = new TempFolder();
        folder.Write("mine.txt", "mine");
        folder.Write("f/a.txt", "a");
        folder.Write($"f/{WholeSet.HiddenName}/journal.json", journal);
        Directory.CreateDirectory(Path.Combine(folder.Path, "elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "f", "link"), folder.Path);
        var before = Directory.GetFileSystemEntries(folder.Path);
        Action[] both = [() => FixtureFolder.Load(Path.Combine(folder.Path, "f")), () => Begin(folder)];
        foreach (var what in both)
            Assert.That(
                () => what(),
                Throws.TypeOf<BadInputException>().With.Message.Contains($"names {named}, which leads out of the folder")
            );
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.EqualTo(before));
        Assert.That(File.ReadAllText(Path.Combine(folder.Path, "f", "a.txt")), Is.EqualTo("a"));
    }

    // The link lies deep in a folder that is merged into one that is there.
    [Test]
    [Platform(Exclude = "Win", Reason = "a link needs a right there that few have")]
    public void What_is_left_fetches_nothing_through_a_link_within_it()
    {
        using var folder = new TempFolder();
        var mine = folder.Write("elsewhere/mine.txt", "mine");
        folder.Write("f/a/sub/b.txt", "b");
        var drafts = Directory.CreateDirectory(Path.Combine(folder.Path, "f", WholeSet.HiddenName, "files", "a")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(drafts, "sub"), Path.Combine(folder.Path, "elsewhere"));
        folder.Write($"f/{WholeSet.HiddenName}/journal.json", $"""[["{WholeSet.HiddenName}/files/a","a"]]""");
        Assert.That(() => Begin(folder), Throws.TypeOf<BadInputException>().With.Message.Contains("sub is a link"));
        Assert.That(File.ReadAllText(mine), Is.EqualTo("mine"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "a link needs a right there that few have")]
    public void Drafts_behind_a_link_are_left_alone()
    {
        using var folder = new TempFolder();
        folder.Write("elsewhere/mine.txt", "mine");
        Directory.CreateDirectory(Path.Combine(folder.Path, "f"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "f", WholeSet.HiddenName), Path.Combine(folder.Path, "elsewhere"));
        Begin(folder);
        Assert.That(File.ReadAllText(Path.Combine(folder.Path, "elsewhere", "mine.txt")), Is.EqualTo("mine"));
        folder.Write("elsewhere/journal.json", "[]");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "f", WholeSet.HiddenName), Path.Combine(folder.Path, "elsewhere"));
        Assert.That(() => Begin(folder), Throws.TypeOf<BadInputException>().With.Message.Contains("lies behind a link"));
    }

    private static void Begin(TempFolder folder) => WholeSet.Begin(Path.Combine(folder.Path, "f")).Dispose();

    private static void Write(string folder, string error, Action? afterEach)
    {
        var trace = new RunBuilder { RootError = (error, "'x'") }
            .Model(0, 0.2, output: Authored.Asks("read", "a"))
            .Tool("read", 1, 1, arguments: Authored.About("a"))
            .Build();
        var fixture = Capture.Create("incident", "authored", [trace], [], []);
        FixtureWriter.Write(folder, fixture, [trace], [], afterEach: afterEach);
    }

    // What anybody but a writer sees.
    private static string Text(string folder) =>
        string.Concat(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
                .Where(f => !f.Contains(".replay-harness-", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f}:{File.ReadAllText(Path.Combine(folder, f))}\n")
        );

    private static void Copy(string folder, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var below in Directory.EnumerateDirectories(folder))
            Copy(below, Path.Combine(target, Path.GetFileName(below)));
        // The lock cannot be opened while it is held; what is left of it is a file.
        foreach (var file in Directory.EnumerateFiles(folder))
            if (Path.GetFileName(file) == ".replay-harness-lock")
                File.WriteAllText(Path.Combine(target, Path.GetFileName(file)), "");
            else
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }
}
