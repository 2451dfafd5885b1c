using System.Diagnostics.Tracing;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Host.Statics;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>Sees what rewritten code passes to members of which only the arguments tell whether they reach outside.</summary>
public static class Guards
{
    /// <summary>The types with such members.</summary>
    internal static IEnumerable<string> Types => [.. FileWrites.Types, .. FrameworkEvents.ListenerTypes, .. ProcessSettings.Types];

    /// <summary>The types with such members that count in the agent's own assemblies only.</summary>
    internal static IEnumerable<string> TypesOfAgents => [.. SharedNames.Types, .. FrameworkEvents.EventTypes];

    /// <summary>True for such a member.</summary>
    internal static bool Has(string type, string member, Caller caller) =>
        (
            caller >= Caller.Library
            && (FileWrites.Has(type, member) || FrameworkEvents.IsListener(type, member) || ProcessSettings.Changes(type, member))
        )
        || (
            caller == Caller.Agent
            && (FileTimes.Has(type, member) || SharedNames.Has(type, member) || FrameworkEvents.IsEvent(type, member))
        );

    /// <summary>Called before the member, with all that it gets.</summary>
    /// <param name="type">The member's type.</param>
    /// <param name="member">The member.</param>
    /// <param name="caller">The method that calls it.</param>
    /// <param name="arguments">
    /// What it gets, its instance first, except where that is being made: then it is last; null for what cannot be passed on.
    /// </param>
    public static void Before(string type, string member, string caller, object?[] arguments)
    {
        if (Kernel.Current is not { } kernel)
            return;
        FrameworkEvents.Note(type, member, arguments);
        if (ProcessSettings.Changes(type, member))
            ProcessSettings.NoteChange();
        var name =
            $"{(member == ".ctor" ? "new " : "")}{type[(type.LastIndexOf('.') + 1)..]}{(member == ".ctor" ? "" : $".{Plain(member)}")}";
        foreach (
            var what in FileWrites
                .Outside(type, member, arguments)
                .Concat(FileTimes.Real(type, member, arguments))
                .Concat(SharedNames.Given(type, member, arguments))
        )
            kernel.NoteUncontrolled($"{name}: {what} ({caller})");
    }

    /// <summary>Called before the constructor of an event listener, which only what is derived from it may call.</summary>
    /// <param name="listener">What is being made.</param>
    public static void Before(EventListener listener) => FrameworkEvents.Note(listener);

    private static string Plain(string member) =>
        member.StartsWith("set_", StringComparison.Ordinal) || member.StartsWith("get_", StringComparison.Ordinal) ? member[4..] : member;
}
