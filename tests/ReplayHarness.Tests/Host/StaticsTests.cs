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

    [Test]
    public void Packages_move_but_not_those_of_the_framework_and_of_the_harness()
    {
        var folder = Path.GetDirectoryName(typeof(Probes).Assembly.Location)!;
        var moved = MovedStatics.In(
            Directory.GetFiles(folder, "*.dll"),
            new HashSet<string> { "Pitfalls" },
            name => name.StartsWith("ReplayHarness", StringComparison.Ordinal)
        );
        string[] asked =
        [
            "Pitfalls",
            "ColdStarts",
            "Polly.Core",
            // Its client would know of the requests of every schedule before.
            "System.ClientModel",
            "ReplayHarness",
            "Microsoft.Extensions.Options",
        ];
        Assert.That(asked.Where(moved.Move), Is.EqualTo(asked[..4]));
    }

    [Test]
    public void A_type_stays_where_one_that_is_not_rewritten_reads_its_field()
    {
        using var folder = new TempFolder();
        var (package, reader) = (typeof(Probes).Assembly.Location, typeof(StaticsTests).Assembly.Location);
        // This is read here.
        Assert.That(Kept<char>.Count + Values.Price, Is.EqualTo(1.5m));
        var moved = MovedStatics.In([package, reader], new HashSet<string>(), name => name == "ReplayHarness.Tests");
        var types = Load(Rewrite(package, folder, moved)).GetTypes();
        string[] holders =
        [
            .. types.Where(t => t.Name.StartsWith(Holder.Shared, StringComparison.Ordinal)).Select(t => t.DeclaringType!.Name),
        ];
        Assert.That(holders, Has.Member("Lax").And.Member("Exact").And.Not.Member("Kept`1").And.Not.Member("Values"));
    }

    private static IReadOnlyList<string> Run(string file) => RunIn(Load(file));

    private static IReadOnlyList<string> RunIn(Assembly assembly) =>
        (IReadOnlyList<string>)assembly.GetType(typeof(Probes).FullName!)!.GetMethod(nameof(Probes.Run))!.Invoke(null, null)!;

    // Each in a context of its own, as in a process of its own.
    private static Assembly Load(string file) => new AssemblyLoadContext(file).LoadFromStream(new MemoryStream(File.ReadAllBytes(file)));

    private static string Rewrite(string file, TempFolder folder) =>
        Rewrite(file, folder, new(new HashSet<string> { Path.GetFileNameWithoutExtension(file) }, new HashSet<(string, string)>()));

    private static string Rewrite(string file, TempFolder folder, MovedStatics moved)
    {
        var target = Path.Combine(folder.Path, Path.GetFileName(file));
        using var rewriter = new AssemblyRewriter(Path.GetDirectoryName(file)!, moved);
        Assert.That(rewriter.Rewrite(file, target, Caller.Agent), Is.True);
        return target;
    }
}
