using ReplayHarness.Running;

namespace ReplayHarness.Cli;

/// <summary>One line on a terminal that says how far a replay is; nothing where standard error is a file.</summary>
internal sealed class ProgressLine : IProgress<ReplayProgress>
{
    public static ProgressLine? OnTerminal() => Console.IsErrorRedirected ? null : new ProgressLine();

    /// <summary>Makes room for what comes next.</summary>
    public static void Clear()
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write(Ink.EraseLine);
    }

    public void Report(ReplayProgress value) => Console.Error.Write($"{Ink.EraseLine}{value}");
}
