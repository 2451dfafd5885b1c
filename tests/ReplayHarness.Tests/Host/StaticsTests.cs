using System.Reflection;
using System.Runtime.Loader;
using ColdStarts;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Host.Statics;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Host;

/// <summary>Static fields of rewritten code begin anew in each schedule, and behave as those of a fresh process.</summary>
// The schedules of a process come one after another.
[NonParallelizable]
public sealed class StaticsTests
{
    private const int Schedules = 3;

    [Test]
    public void Each_schedule_is_as_a_fresh_process()
    {
        using var folder = new TempFolder();
        var original = typeof(Probes).Assembly.Location;
        var fresh = Run(original);
        var rewritten = Load(Rewrite(original, folder));
        Assert.That(fresh, Has.Count.GreaterThan(40).And.All.Not.Contain("NullReference"));
        for (var i = 0; i < Schedules; i++)
        {
            ScheduleStatics.Begin();
            Assert.That(RunIn(rewritten), Is.EqualTo(fresh), $"schedule {i + 1}");
        }
    }

    [Test]
    public void Without_a_new_schedule_statics_stay()
    {
        using var folder = new TempFolder();
        var rewritten = Load(Rewrite(typeof(Probes).Assembly.Location, folder));
        ScheduleStatics.Begin();
        var first = RunIn(rewritten);
        Assert.That(RunIn(rewritten), Is.Not.EqualTo(first));
    }

    [Test]
    public void What_is_held_is_listed_by_name_and_ends_with_the_schedule()
    {
        using var folder = new TempFolder();
        var rewritten = Load(Rewrite(typeof(Probes).Assembly.Location, folder));
        ScheduleStatics.Begin();
        RunIn(rewritten);
        string[] names = [.. ScheduleStatics.Held().Select(h => h.Name)];
        Assert.That(names, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(names, Has.Some.Contains("Kept").And.Some.Contains("Local").And.Some.Contains("Threads+<>ThreadStatics"));
        Assert.That(ScheduleStatics.Failed(), Has.Some.Contains("FailingExactly"));
    }

    private static IReadOnlyList<string> Run(string file) => RunIn(Load(file));

    private static IReadOnlyList<string> RunIn(Assembly assembly) =>
        (IReadOnlyList<string>)assembly.GetType(typeof(Probes).FullName!)!.GetMethod(nameof(Probes.Run))!.Invoke(null, null)!;

    // Each in a context of its own, as in a process of its own.
    private static Assembly Load(string file) => new AssemblyLoadContext(file).LoadFromStream(new MemoryStream(File.ReadAllBytes(file)));

    private static string Rewrite(string file, TempFolder folder)
    {
        var target = Path.Combine(folder.Path, Path.GetFileName(file));
        var name = Path.GetFileNameWithoutExtension(file);
        using var rewriter = new AssemblyRewriter(Path.GetDirectoryName(file)!, new MovedStatics(new HashSet<string> { name }));
        Assert.That(rewriter.Rewrite(file, target, agents: true), Is.True);
        return target;
    }
}
