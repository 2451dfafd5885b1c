using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Running.Together;

/// <summary>
/// Tells which tools of an agent may run at once: a healthy run is replayed one call after the other, then all calls of each turn at once.
/// Where that goes wrong, each two calls are tried alone, and in the other order.
/// </summary>
internal sealed class ParallelCheck : IDisposable
{
    private const string ToDo =
        "An agent that runs its tools itself needs a switch: its driver reads ReplayInput.ToolsAtOnce, and its loop then starts every call "
        + "of a turn before it awaits one";

    private readonly HealthyRun _run;
    private readonly string _trace;
    private readonly string _agent;
    private readonly ReplayOptions _options;
    private readonly SiblingPair[] _pairs;
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    /// <param name="trace">The trace of a healthy run.</param>
    /// <param name="http">A folder with authored responses of the agent's backend; null for none.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="options">How to replay.</param>
    /// <exception cref="BadInputException">The trace holds no run, one that failed, or no turn with two calls.</exception>
    public ParallelCheck(Trace trace, string? http, Agent agent, ReplayOptions options)
    {
        _trace = trace.TraceId;
        _agent = agent.JobOf("", options).Agent;
        _options = options;
        _run = new(trace, http, agent, options);
        _pairs = [.. SiblingPair.Of(_run.Fixture)];
        if (_pairs.Length > 0)
            return;
        Dispose();
        throw new BadInputException($"trace {_trace}: in no turn did the model ask for two calls, so none could run at once");
    }

    public void Dispose() => _run.Dispose();

    /// <summary>Tries it.</summary>
    /// <param name="progress">Hears a few times a second how far a replay is; null for nobody.</param>
    /// <param name="token">Stops it.</param>
    public async Task<ParallelReport> RunAsync(IProgress<ReplayProgress>? progress, CancellationToken token)
    {
        var captured = await _run.AsCapturedAsync(progress, token);
        _notes.UnionWith(captured.Notes);
        if (!captured.IsFine)
            return NotShown(captured);
        var whole = await _run.AtOnceAsync(_run.Fixture, progress, token);
        if (!whole.AtOnce.Ran && !whole.IsWrong)
            return StillSerial(whole.AtOnce.Asked);
        if (!whole.IsFine && !whole.IsWrong)
            return Report(ParallelVerdict.NotEstablished, $"Nothing is shown either way: {whole.Reasons[0]}.", whole) with
            {
                Reasons = whole.Reasons,
            };
        Note(captured, whole);
        if (whole.IsFine)
            return Report(ParallelVerdict.Safe, SafeIn(whole), whole) with { Pairs = [.. ByTools().Select(tools => Safe(tools, whole))] };
        return await ApartAsync(whole, progress, token);
    }

    private void Note(Tried captured, Tried whole)
    {
        if (captured.AtOnce.Ran)
            _notes.Add("the agent runs calls at once already, whatever it is told");
        if (!whole.IsExhaustive)
            _notes.Add(
                _options.Schedules is RaceSchedules
                    ? "only the captured order was tried, and what races in it"
                    : "not all orders were tried, and so no races were looked for"
            );
    }

    // What goes wrong one after the other has nothing to do with running at once, and would hide what has.
    private ParallelReport NotShown(Tried captured)
    {
        string[] reasons = captured.IsWrong ? [.. captured.Wrong(), .. captured.Races.Select(r => $"{r}")] : [.. captured.Reasons];
        return Report(
            captured.Diverged ? ParallelVerdict.Diverged : ParallelVerdict.NotEstablished,
            captured.AtOnce.Ran
                ? $"The agent runs calls at once, whatever it is told, and the run does not go as it should: {reasons[0]}."
                : $"The run does not go as it should even with its calls one after the other: {reasons[0]}.",
            captured
        ) with
        {
            Reasons = reasons,
        };
    }

    private ParallelReport StillSerial(IReadOnlyList<string> asked) =>
        new()
        {
            Trace = _trace,
            Agent = _agent,
            Verdict = ParallelVerdict.StillSerial,
            Sentence =
                asked.Count == 0
                    ? "The calls still ran one after the other: nothing of the agent asked whether they may run at once. "
                        + $"Frameworks ask by themselves (FunctionInvokingChatClient, Semantic Kernel's function choice). {ToDo}."
                    : $"The calls still ran one after the other, although {string.Join(" and ", asked)} asked and was told that they may. "
                        + $"Tools that await nothing cannot run at once in one process, and need not. {ToDo}.",
            Switches = asked,
            Pairs = [.. ByTools().Select(Untried)],
            Notes = [.. _notes],
        };

    // Each two calls alone; of the same two tools, until some go wrong.
    private async Task<ParallelReport> ApartAsync(Tried whole, IProgress<ReplayProgress>? progress, CancellationToken token)
    {
        List<ParallelPair> found = [];
        foreach (var tools in ByTools())
        {
            ParallelPair? worst = null;
            foreach (var pair in tools)
            {
                var (verdict, tried) = _pairs.Length == 1 ? (PairVerdict.NeverAtOnce, whole) : await AloneAsync(pair, progress, token);
                if (verdict == PairVerdict.NeverAtOnce && !await MaySwapAsync(pair, progress, token))
                    verdict = PairVerdict.Ordered;
                if (worst is null || verdict != PairVerdict.Safe)
                    worst = Told(tools, pair, verdict, tried);
                if (verdict is PairVerdict.Ordered or PairVerdict.NeverAtOnce)
                    break;
            }
            found.Add(worst!);
        }
        var unsafePairs = found.Where(p => p.Constraint is not null).ToArray();
        return Report(
            ParallelVerdict.Unsafe,
            unsafePairs.Length > 0
                ? $"Not all of these tools may run at once: {string.Join("; ", unsafePairs.Select(InWords))}."
                : "No two of these calls alone go wrong at once, but all together do.",
            whole
        ) with
        {
            Pairs = found,
            Reasons = unsafePairs.Length > 0 ? [] : [.. whole.Wrong(), .. whole.Races.Select(r => $"{r}")],
        };
    }

    private static string InWords(ParallelPair pair) =>
        pair.Verdict == PairVerdict.Ordered ? pair.Constraint! : $"{pair.First} and {pair.Second} {pair.Constraint}";

    // Where others stand between the two, they go before both or after both: whichever the run stands one after the other.
    private async Task<(PairVerdict, Tried?)> AloneAsync(SiblingPair pair, IProgress<ReplayProgress>? progress, CancellationToken token)
    {
        var inOrder = pair.Arrangements(pair.InOrder).ToArray();
        var together = pair.Arrangements(pair.Together).ToArray();
        for (var i = 0; i < together.Length; i++)
        {
            if (together.Length > 1 && !(await _run.InTurnAsync(Split(pair, inOrder[i]), progress, token)).IsFine)
                continue;
            var tried = await _run.AtOnceAsync(Split(pair, together[i]), progress, token);
            return (
                tried.IsWrong ? PairVerdict.NeverAtOnce
                : tried.IsFine ? PairVerdict.Safe
                : PairVerdict.Unknown,
                tried
            );
        }
        return (PairVerdict.Unknown, null);
    }

    private async Task<bool> MaySwapAsync(SiblingPair pair, IProgress<ReplayProgress>? progress, CancellationToken token)
    {
        foreach (var arrangement in pair.Arrangements(pair.Swapped))
            if ((await _run.InTurnAsync(Split(pair, arrangement), progress, token)).IsFine)
                return true;
        return false;
    }

    // The calls of every other turn are asked for one by one. The later turns first: so the places of the others stay.
    private Fixture Split(SiblingPair pair, IReadOnlyList<int[]> groups) =>
        _pairs
            .DistinctBy(p => (p.Turn.Attempt, p.Turn.Turn))
            .OrderByDescending(p => p.Turn.Turn)
            .Aggregate(_run.Fixture, (fixture, p) => SplitTurn.Of(fixture, p.Turn, p.IsOfTurn(pair) ? groups : p.OneByOne));

    private IEnumerable<IGrouping<(string, string), SiblingPair>> ByTools() =>
        _pairs.GroupBy(p => _pairs.First(o => o.Tools == p.Tools || o.Tools == (p.Tools.Second, p.Tools.First)).Tools);

    private ParallelPair Safe(IGrouping<(string, string), SiblingPair> tools, Tried tried) =>
        Of(tools, tools.First(), PairVerdict.Safe) with
        {
            Orders = tried.Orders,
            AllOrders = tried.IsExhaustive,
        };

    private ParallelPair Untried(IGrouping<(string, string), SiblingPair> tools) => Of(tools, tools.First(), PairVerdict.Unknown);

    private ParallelPair Told(IGrouping<(string, string), SiblingPair> tools, SiblingPair pair, PairVerdict verdict, Tried? tried) =>
        tried is null ? Of(tools, pair, verdict)
        : verdict == PairVerdict.Safe ? Safe(tools, tried)
        : Of(tools, pair, verdict) with
        {
            Orders = tried.Orders,
            AllOrders = tried.IsExhaustive,
            Shared = tried.Shared,
            Wrong = verdict == PairVerdict.Unknown ? tried.Reasons : tried.Wrong(),
            When = tried.When,
            Races = [.. tried.Races.Select(r => $"{r}")],
        };

    private ParallelPair Of(IEnumerable<SiblingPair> tools, SiblingPair pair, PairVerdict verdict) =>
        new(pair.Tools.First, pair.Tools.Second, [.. tools.Select(NumberOf).Distinct()], verdict);

    private int NumberOf(SiblingPair pair) =>
        _run.Fixture.Attempts.Take(pair.Turn.Attempt - 1).Sum(a => a.Turns.Count) + pair.Turn.Turn + 1;

    private static string SafeIn(Tried whole) =>
        $"All of these tools may run at once: nothing went wrong in {ParallelPair.OrdersOf(whole.Orders, whole.IsExhaustive)}.";

    private ParallelReport Report(ParallelVerdict verdict, string sentence, Tried tried)
    {
        foreach (var tool in _pairs.SelectMany(p => new[] { p.Tools.First, p.Tools.Second }).Intersect(_run.Acting))
            _notes.Add($"{tool} changes something at its backend; what other calls would see of that, no replay shows");
        return new()
        {
            Trace = _trace,
            Agent = _agent,
            Verdict = verdict,
            Sentence = sentence,
            Switches = tried.AtOnce.Asked,
            Notes = [.. _notes],
        };
    }
}
