using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using ReplayHarness.Host;
using ReplayHarness.Replays;
using ReplayHarness.Tests.Repository;

namespace ReplayHarness.Tests.Host;

/// <summary>Private parts of the runtime stand in one file, and what of a schedule the process must see in one type.</summary>
public sealed partial class PrivatePartsTests
{
    private const string Owner = "src/ReplayHarness.Host/RuntimeParts.cs";

    // They look at all fields of a type, whatever their names; or at a member of a package, and do without where it has none.
    private static readonly string[] s_walkers =
    [
        "src/ReplayHarness.Host/States/TypePlan.cs",
        "src/ReplayHarness/Replays/Boundaries/ModelLeaf.cs",
        "src/ReplayHarness/Replays/Boundaries/Innermost.cs",
        "src/ReplayHarness/Replays/Boundaries/RebuiltException.cs",
    ];

    // What outlives a schedule on purpose, and why.
    private static readonly Dictionary<string, string> s_processWide = new(StringComparer.Ordinal)
    {
        ["ProcessState.s_current"] = "the schedule that runs",
        ["ProcessState.s_progress"] = "counts over all schedules, for the watchdog",
        ["ActivityRecorder.s_listener"] = "one listener serves the process",
        ["RaceDetector.s_current"] = "that of the schedule that runs",
        ["Pump.s_clean"] = "the context of no agent",
        ["ThreadOfAgent.t_package"] = "whose thread it is, as long as it lives",
        ["ThreadPoolOwner.s_normal"] = "taken over once",
        ["ThreadPoolOwner.s_highPriority"] = "taken over once",
        ["ThreadPoolOwner.s_executeTask"] = "a compiled accessor",
        ["SharedRandom.s_install"] = "a compiled accessor",
        ["SharedRandom.s_seed"] = "a compiled accessor",
        ["SharedRandom.s_position"] = "a compiled accessor",
        ["RealIo.s_listener"] = "one listener serves the process",
        ["RealIo.s_inFlight"] = "what a schedule left in flight ends in a later one",
        ["RealIo.s_started"] = "counts over all schedules, for the test at start",
        ["Carrier.t_current"] = "which carrier a thread is",
        ["RuntimeControl.s_taken"] = "taken over once",
        ["ScheduleStatics.Epoch"] = "counts over all schedules",
        ["ScheduleStatics.s_sorted"] = "cleared when a schedule begins, as the collections beside it",
        ["ProcessSettings.s_isChanged"] = "whether there is anything to set back",
        ["TemporaryFolder.s_isUsed"] = "whether there is anything to delete",
        ["TemporaryFolder.s_folder"] = "one folder serves the process, emptied when a schedule begins",
        ["TemporaryFolder.s_lock"] = "held as long as the process lives",
        ["ProcessSettings.s_first"] = "what stood before the first schedule",
        ["RuntimeParts.Current"] = "the names, set once",
        ["HostLoop.s_running"] = "the job that runs",
        ["HostLoop.s_watched"] = "one watchdog serves the process",
        ["ScheduleJson.s_indented"] = "pure",
    };

    [Test]
    public void No_other_file_looks_up_a_private_member() =>
        Assert.That(
            from file in Repo.Sources("src/")
            where file.Path != Owner && !s_walkers.Contains(file.Path)
            from line in file.Lines
            where LookUp().IsMatch(line)
            select $"{file.Path}: {line.Trim()}",
            Is.Empty
        );

    [Test]
    public void No_other_file_names_a_private_member()
    {
        var names = Texts(new RuntimeParts()).Where(n => Private().IsMatch(n)).ToArray();
        Assert.That(names, Has.Length.GreaterThan(20));
        Assert.That(
            from file in Repo.Sources("src/")
            where file.Path != Owner
            from line in file.Lines
            from name in names
            where line.Contains($"\"{name}\"", StringComparison.Ordinal)
            select $"{file.Path}: {line.Trim()}",
            Is.Empty
        );
    }

    [Test]
    public void Mutable_statics_of_a_replay_stand_in_one_type_or_say_why_they_do_not()
    {
        var known = s_processWide.Keys.ToHashSet(StringComparer.Ordinal);
        var found =
            from assembly in (Assembly[])[typeof(ProcessState).Assembly, typeof(RuntimeControl).Assembly]
            from type in assembly.GetTypes()
            where
                type.Namespace is { } space
                && (
                    space.StartsWith("ReplayHarness.Replays", StringComparison.Ordinal)
                    || space.StartsWith("ReplayHarness.Host", StringComparison.Ordinal)
                )
            where !type.Name.Contains('<', StringComparison.Ordinal)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where !field.IsLiteral && !field.IsInitOnly
            let name = $"{type.Name}.{Property().Replace(field.Name, "$1")}"
            where !known.Contains(name) && !IsAccessor(field)
            select name;
        Assert.That(found.Distinct(), Is.Empty);
    }

    // Accessors of the runtime's timers are compiled once.
    private static bool IsAccessor(FieldInfo field) => field.DeclaringType!.Name == "RuntimeTimers";

    private static IEnumerable<string> Texts(object parts) =>
        from property in parts.GetType().GetProperties()
        where !property.GetMethod!.IsStatic
        let value = property.GetValue(parts)
        from text in value switch
        {
            string one => [one],
            IEnumerable many => many.OfType<string>(),
            Delegate or null => [],
            Type => [],
            _ => Texts(value),
        }
        select text;

    [GeneratedRegex(@"UnsafeAccessor|BindingFlags\.NonPublic|\.GetField\(|\.GetNestedType\(|\.GetRuntimeFields?\(")]
    private static partial Regex LookUp();

    [GeneratedRegex(@"^([a-z]?_|System\.Threading|Microsoft)|^[A-Z][a-z]+[A-Z]")]
    private static partial Regex Private();

    [GeneratedRegex("^<(.+)>k__BackingField$")]
    private static partial Regex Property();
}
