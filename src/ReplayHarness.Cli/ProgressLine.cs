using ReplayHarness.Running;

namespace ReplayHarness.Cli;

/// <summary>
/// One line on a terminal that says how far a replay is; nothing where standard error is a file, unless who started the tool
/// asks for lines.
/// </summary>
internal sealed class ProgressLine : IProgress<ReplayProgress>
{
    /// <summary>The variable by which who starts the tool asks for progress as lines, and what it then holds.</summary>
    public const string Variable = "REPLAYHARNESS_PROGRESS",
        AsLines = "lines";

    /// <summary>How such a line begins.</summary>
    public const string Begin = "progress: ";

    /// <summary>Whether progress is told in lines.</summary>
    public static bool InLines => Environment.GetEnvironmentVariable(Variable) == AsLines;

    public static ProgressLine? OnTerminal() => Console.IsErrorRedirected && !InLines ? null : new ProgressLine();

    /// <summary>Makes room for what comes next.</summary>
    public static void Clear()
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write(Ink.EraseLine);
    }

    public void Report(ReplayProgress value)
    {
        if (InLines)
            Console.Error.WriteLine($"{Begin}{value}");
        else
            Console.Error.Write($"{Ink.EraseLine}{value}");
    }
}
