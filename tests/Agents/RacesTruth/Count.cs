using System.Diagnostics;

namespace RacesTruth;

/// <summary>In how many runs of an agent its bug showed.</summary>
internal sealed class Count(string name)
{
    private double _seconds,
        _first;
    private string? _said;
    private int _runs;

    public string Name => name;

    public int Shown { get; private set; }

    public async Task AddAsync(int from, int to, int seconds)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, [Share.Command, name, $"{from}", $"{to}", $"{seconds}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var died = process.StandardError.ReadToEndAsync();
        var last = 0.0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var space = line.IndexOf(' ');
            last = int.Parse(line[..space]) / 1_000.0;
            Add(line[(space + 1)..], _seconds + last);
        }
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            Add($"the process dies: {(await died).Split('\n').ElementAtOrDefault(1)}", _seconds + last);
        _seconds += last;
    }

    private void Add(string error, double at)
    {
        _runs++;
        if (error.Length > 0 && Shown++ == 0)
            (_first, _said) = (at, error);
    }

    public override string ToString() =>
        $"{name, -32} {Shown, 5} of {_runs, 5}  {(_said is null ? "" : $"{_first, 6:0.00} s  {_said}")}".TrimEnd();
}
