using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>How the loop of model and tools ended, where no span around it says so: its own has no status.</summary>
internal static class Loops
{
    /// <summary>The error of a tool that was never told to the model: the loop asks again unless it throws. Null where it asked.</summary>
    public static CallError? ErrorOf(Trace trace, Turn[] turns) =>
        turns.LastOrDefault() is { Model.Caller: { } caller } last
        && trace.Find(caller) is { } loop
        && trace.ParentOf(loop) is null
        && trace.DialectOf(loop) is ExtensionsAi
            ? last.Calls.Select(c => c.Error).FirstOrDefault(e => e is not null)
            : null;
}
