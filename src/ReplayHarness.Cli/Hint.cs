using ReplayHarness.Diagnosis;

namespace ReplayHarness.Cli;

/// <summary>
/// The command that comes next, for who sits at a terminal: on standard error, so that what is read, kept or piped stays as it is.
/// </summary>
internal static class Hint
{
    /// <summary>Says it, where somebody is there.</summary>
    public static void Next(params string[] command)
    {
        if (!Console.IsErrorRedirected && !Console.IsOutputRedirected)
            Console.Error.WriteLine($"next: replay-harness {string.Join(' ', command)}");
    }

    /// <summary>The command that makes a test of a run.</summary>
    /// <param name="source">The source.</param>
    /// <param name="selector">Which of its traces.</param>
    public static void Test(string source, string selector) =>
        Next("new NAME --from", NextCommands.Quoted(source), selector, "--agent Agent.Replays --project AGENT-PROJECT");
}
