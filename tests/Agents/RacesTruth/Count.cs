using System.Diagnostics;
using Pitfalls;

namespace RacesTruth;

/// <summary>In how many runs of an agent its bug showed.</summary>
internal sealed class Count(string name, Dispatch dispatch, TimeSpan most)
{
    private readonly Stopwatch _clock = new();
    private TimeSpan _first;
    private string? _said;
    private int _runs;

    public string Name => name;

    public int Shown { get; private set; }

    /// <summary>Runs it until it has had so many runs, or all its time.</summary>
    public async Task RunAsync(int runs)
    {
        _clock.Start();
        for (; _runs < runs && _clock.Elapsed < most; _runs++)
        {
            if (await Trial.ErrorAsync(dispatch, seed: _runs) is not { } error)
                continue;
            if (Shown++ == 0)
                (_first, _said) = (_clock.Elapsed, error);
        }
        _clock.Stop();
    }

    public override string ToString() =>
        $"{name, -32} {Shown, 5} of {_runs, 5}  {(_said is null ? "" : $"{_first.TotalSeconds, 6:0.00} s  {_said}")}".TrimEnd();
}
