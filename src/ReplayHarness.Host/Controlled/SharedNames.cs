namespace ReplayHarness.Host.Controlled;

/// <summary>Objects of the system that have a name: other schedules, and other processes, find them by it.</summary>
internal static class SharedNames
{
    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "System.Threading.Mutex",
        "System.Threading.Semaphore",
        "System.Threading.EventWaitHandle",
    };

    private static readonly HashSet<string> s_members = new(StringComparer.Ordinal) { ".ctor", "OpenExisting", "TryOpenExisting" };

    /// <summary>The types of such objects.</summary>
    public static IEnumerable<string> Types => s_types;

    /// <summary>True for a member that gives one.</summary>
    public static bool Has(string type, string member) => s_types.Contains(type) && s_members.Contains(member);

    /// <summary>What is wrong with a name that was given; nothing where none was.</summary>
    public static IEnumerable<string> Given(string type, string member, object?[] arguments) =>
        from name in Has(type, member) ? arguments.OfType<string>().Where(n => n.Length > 0) : []
        select $"\"{name}\" is shared with other runs and processes; use one without a name, or put it behind a tool";
}
