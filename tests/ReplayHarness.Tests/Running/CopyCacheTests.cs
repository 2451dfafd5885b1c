using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Running;

/// <summary>A folder with the copies of many agents keeps to its bound, and to what is in use.</summary>
[NonParallelizable]
public sealed class CopyCacheTests
{
    [Test]
    public void What_was_used_longest_ago_goes_first_and_nothing_that_is_in_use()
    {
        using var folder = new TempFolder();
        var current = Copy("00000000000000aa", "0000000000000001", TimeSpan.Zero);
        var held = Copy("00000000000000bb", "0000000000000002", TimeSpan.FromHours(9));
        var oldest = Copy("00000000000000bb", "0000000000000003", TimeSpan.FromHours(8));
        var older = Copy("00000000000000cc", "0000000000000004", TimeSpan.FromHours(7));
        var old = Copy("00000000000000aa", "0000000000000005", TimeSpan.FromHours(6));
        var recent = Copy("00000000000000cc", "0000000000000006", TimeSpan.FromMinutes(30));
        var other = Directory.CreateDirectory(Path.Combine(folder.Path, "what is no copy", "0000000000000007")).FullName;

        // Six copies of 2 MB.
        using (CopyCache.Hold(held))
            Clean("9");
        Assert.That(
            new[] { current, held, oldest, older, old, recent, other }.Select(Directory.Exists),
            Is.EqualTo([true, true, false, false, true, true, true])
        );

        Clean("1");
        Assert.That(new[] { current, held, old, recent }.Select(Directory.Exists), Is.EqualTo([true, false, false, true]));
        Assert.That(
            Directory.GetDirectories(folder.Path, "*", SearchOption.AllDirectories).Where(Path.HasExtension),
            Is.Empty,
            "nothing is left half"
        );

        string Copy(string agent, string name, TimeSpan age)
        {
            var copy = Directory.CreateDirectory(Path.Combine(folder.Path, agent, name)).FullName;
            File.WriteAllBytes(Path.Combine(copy, "Agent.dll"), new byte[2 << 20]);
            File.CreateSymbolicLink(Path.Combine(copy, "Linked.dll"), typeof(CopyCacheTests).Assembly.Location);
            CopyCache.Use(copy);
            File.SetLastWriteTimeUtc(Path.Combine(copy, "used"), DateTime.UtcNow - age);
            return copy;
        }

        void Clean(string megabytes)
        {
            Environment.SetEnvironmentVariable(CopyCache.Variable, megabytes);
            try
            {
                CopyCache.Clean(current);
            }
            finally
            {
                Environment.SetEnvironmentVariable(CopyCache.Variable, null);
            }
        }
    }

    [Test]
    public async Task Many_that_use_and_clean_at_once_lose_none_that_is_in_use()
    {
        using var folder = new TempFolder();
        var current = Directory.CreateDirectory(Path.Combine(folder.Path, "00000000000000aa", "0000000000000000")).FullName;
        var copies = Enumerable
            .Range(1, 20)
            .Select(i => Directory.CreateDirectory(Path.Combine(folder.Path, "00000000000000aa", $"{i:x16}")).FullName)
            .ToArray();
        foreach (var copy in copies)
        {
            CopyCache.Use(copy);
            File.SetLastWriteTimeUtc(Path.Combine(copy, "used"), DateTime.UtcNow.AddDays(-8));
        }
        var held = copies.Where((_, i) => i % 2 == 0).Select(CopyCache.Hold).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CopyCache.Clean(current))));
        Assert.That(copies.Select(Directory.Exists), Is.EqualTo(copies.Select((_, i) => i % 2 == 0)));
        foreach (var one in held)
            one!.Dispose();
    }

    [Test]
    public void A_bound_that_is_none_is_one_clear_error()
    {
        using var folder = new TempFolder();
        var current = Directory.CreateDirectory(Path.Combine(folder.Path, "00000000000000aa", "0000000000000000")).FullName;
        Environment.SetEnvironmentVariable(CopyCache.Variable, "5 GB");
        try
        {
            Assert.That(
                () => CopyCache.Clean(current),
                Throws
                    .TypeOf<ReplayHarness.Traces.BadInputException>()
                    .With.Message.EqualTo("REPLAYHARNESS_CACHE_MB=5 GB: expected how many megabytes copies of agents may take, from 1")
            );
        }
        finally
        {
            Environment.SetEnvironmentVariable(CopyCache.Variable, null);
        }
    }
}
