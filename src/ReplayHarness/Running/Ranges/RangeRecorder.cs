using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Replays;

namespace ReplayHarness.Running.Ranges;

/// <summary>Notes what each schedule of a range shows.</summary>
/// <param name="keyOf">The key by which a schedule can be run again, given how many ran before it.</param>
internal sealed class RangeRecorder(Func<ScheduleResult, int, IReadOnlyList<int>> keyOf)
{
    private readonly Dictionary<string, RangeOutcome> _outcomes = new(StringComparer.Ordinal);
    private readonly List<IReadOnlyList<int>> _failing = [],
        _passing = [];
    private readonly List<RangeCheck> _checks = [];
    private int _runs,
        _failed;

    /// <summary>Notes a schedule; they come in the order of their keys.</summary>
    public void Add(ScheduleResult result, bool failed)
    {
        var key = keyOf(result, _runs++);
        if (_checks.Count < RangeShown.MostChecks)
            _checks.Add(new(key, result.LogHash));
        if (failed)
            _failed++;
        var told = failed ? _failing : _passing;
        if (told.Count < RangeShown.MostTold)
            told.Add(key);
        _outcomes[result.Outcome] = _outcomes.TryGetValue(result.Outcome, out var known)
            ? known with
            {
                Count = known.Count + 1,
            }
            : new(HashOf(result), 1, key, result.LogHash);
    }

    /// <summary>What they showed.</summary>
    /// <param name="exploration">Ran them.</param>
    /// <param name="isWhole">Whether all of them ran.</param>
    /// <param name="isEndless">Whether one of them had no end.</param>
    public RangeShown Shown(Exploration exploration, bool isWhole, bool isEndless) =>
        new()
        {
            Runs = exploration.Runs,
            VirtualTime = exploration.VirtualTime,
            Log = exploration.Log.Value,
            IsWhole = isWhole,
            IsEndless = isEndless,
            Failed = _failed,
            Failing = _failing,
            Passing = _passing,
            Checks = _checks,
            Outcomes = [.. _outcomes.Values.OrderBy(o => o.Hash, StringComparer.Ordinal)],
        };

    /// <summary>A hash of what a schedule showed.</summary>
    public static string HashOf(ScheduleResult result) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(result.Outcome)))[..32];
}
