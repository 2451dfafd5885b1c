using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>
/// One line on a terminal that says how far the scan of a large file is, and how fast; nothing where standard error is a file,
/// unless who started the tool asks for lines.
/// </summary>
internal sealed class ReadBar : IProgress<ReadProgress>
{
    private const int Width = 24;
    private readonly Lock _lock = new();
    private long _shown = -1;

    public static ReadBar? OnTerminal() => Console.IsErrorRedirected && !ProgressLine.InLines ? null : new ReadBar();

    public void Report(ReadProgress value)
    {
        lock (_lock)
        {
            var percent = value.Total == 0 ? 100 : value.Done * 100 / value.Total;
            if (percent <= _shown)
                return;
            _shown = percent;
            if (ProgressLine.InLines)
            {
                Console.Error.WriteLine($"{ProgressLine.Begin}{Path.GetFileName(value.Path)}: {percent} % read");
                return;
            }
            var filled = (int)(percent * Width / 100);
            Console.Error.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Ink.EraseLine}{Path.GetFileName(value.Path)}  [{new string('#', filled)}{new string('.', Width - filled)}]  "
                        + $"{value.Done >> 20} of {value.Total >> 20} MiB  {Rate(value.Done):0} MiB/s"
                )
            );
        }
    }

    /// <summary>Makes room for what comes next.</summary>
    public void Clear()
    {
        if (_shown >= 0 && !ProgressLine.InLines)
            Console.Error.Write(Ink.EraseLine);
    }

    private static double Rate(long bytes) => bytes / 1048576.0 / Math.Max(0.001, RealTime.Elapsed.TotalSeconds);
}
