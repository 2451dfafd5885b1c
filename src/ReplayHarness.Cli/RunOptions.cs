using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Running;

namespace ReplayHarness.Cli;

/// <summary>How to explore: the options of every command that replays.</summary>
internal sealed class RunOptions
{
    private const int JitterSchedules = 1000;

    // Where 3% of all orders fail, one of so many does with a chance of 95% (0.97^100 < 5%).
    private const int LeastEvidence = 100;

    private readonly Option<string> _schedules = new("--schedules")
    {
        Description = "captured, all, or a number of random schedules.",
        DefaultValueFactory = _ => "all",
    };
    private readonly Option<int?> _repeat = new("--repeat")
    {
        Description = "Flake or bug: N random schedules; says whether all fail, some, or none.",
    };
    private readonly Option<string> _strategy = new("--strategy")
    {
        Description = "How random schedules are drawn: random, or pct:D for bugs that need D ordering constraints.",
        DefaultValueFactory = _ => "random",
    };
    private readonly Option<int?> _jitter = new("--jitter")
    {
        Description = "Random schedules in which every latency is up to P percent shorter or longer, and timers may win.",
    };
    private readonly Option<int> _faults = new("--faults")
    {
        Description = "Replays every placement of up to K faults (timeout, error, hang, empty, slow), in the captured order.",
    };
    private readonly Option<string?> _interleave = new("--interleave")
    {
        Description = "items: also explores the order of work items that are ready at once.",
    };
    private readonly Option<string?> _schedule = new("--schedule") { Description = "Replays exactly the schedule of a file, or diverges." };
    private readonly Option<bool> _steps = new("--steps")
    {
        Description = "Shows one schedule step by step: what may come next, what comes next, and what the others wait for.",
    };
    private readonly Option<string[]> _choose = new("--choose")
    {
        Description =
            "STEP=N: at this step, choice N comes next; at all others, what is due first. Implies --steps; may be repeated.",
    };
    private readonly Option<string?> _budget = new("--budget")
    {
        Description =
            $"The most that is explored for one hypothesis: a number of schedules, or seconds (30s). [default: {Budget.Default.Schedules}]",
    };
    private readonly Option<ulong> _seed = new("--seed") { Description = "The seed of random schedules." };
    private readonly Option<string[]> _hypothesis = new("--hypothesis") { Description = "Only this hypothesis; may be repeated." };

    private readonly Option<bool> _acceptDrift = new("--accept-drift")
    {
        Description =
            "A call with other arguments than captured takes what the nearest did, and another text of the user is accepted; "
            + "the verdict says so.",
    };
    private readonly Option<string?> _onMismatch = new("--on-mismatch")
    {
        Description =
            "What becomes of a call that nothing matches: fail (the default), error-result, or continue (the model, too, "
            + "answers what contradicts its recording).",
    };

    private readonly Option<string?> _races = new("--races")
    {
        Description =
            "Races between two awaits of the agent: on (the default; where no order of answers fails), off, or only (nothing else is "
            + "explored).",
    };

    /// <summary>What a shell may complete.</summary>
    public RunOptions()
    {
        _schedules.CompletionSources.Add("captured", "all");
        _interleave.CompletionSources.Add("items");
        _onMismatch.CompletionSources.Add("fail", "error-result", "continue");
        _races.CompletionSources.Add("on", "off", "only");
    }

    public void AddTo(Command command) =>
        AddTo(
            command,
            [
                _schedules,
                _repeat,
                _strategy,
                _jitter,
                _faults,
                _interleave,
                _schedule,
                _budget,
                _seed,
                _hypothesis,
                _acceptDrift,
                _onMismatch,
                _races,
            ]
        );

    /// <summary>Adds those that show one schedule step by step.</summary>
    public void AddStepsTo(Command command)
    {
        command.Options.Add(_steps);
        command.Options.Add(_choose);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_choose) is { Length: > 0 } && result.GetValue(_schedule) is { } file)
                result.AddError($"--choose: the schedule of a file holds every choice; leave out --schedule {file}, or --choose");
            if (TellsSteps(result) && MoreThanOne(result) is { } more)
                result.AddError($"--steps shows one schedule; leave out {more}");
            var steps = new HashSet<int>();
            foreach (var choice in result.GetValue(_choose) ?? [])
                if (StepsText.Parse(choice) is not { } parsed)
                    result.AddError($"--choose {choice}: expected STEP=N, two numbers above 0 (3=2)");
                else if (!steps.Add(parsed.Step))
                    result.AddError($"--choose {choice}: step {choice.Split('=')[0]} is chosen twice");
        });
    }

    private string? MoreThanOne(CommandResult result) =>
        result.GetResult(_schedules) is { Implicit: false } ? "--schedules"
        : result.GetValue(_repeat) is not null ? "--repeat"
        : result.GetValue(_jitter) is not null ? "--jitter"
        : result.GetValue(_faults) > 0 ? "--faults"
        : result.GetValue(_interleave) is not null ? "--interleave"
        : result.GetValue(_races) == "only" ? "--races"
        : null;

    /// <summary>Refuses what runs too few orders, where what they show would be evidence.</summary>
    public void RefuseFewOrders(Command command) =>
        command.Validators.Add(result =>
        {
            if (FewOrders(result) is { } few)
                result.AddError(
                    $"{few}: runs too few orders for evidence; leave it out, or draw at least {LeastEvidence} (--schedules {LeastEvidence})"
                );
        });

    private string? FewOrders(CommandResult result)
    {
        var (text, repeat) = (result.GetValue(_schedules)!, result.GetValue(_repeat));
        return result.GetValue(_schedule) is { } file ? $"--schedule {file}"
            : result.GetValue(_races) == "only" ? "--races only"
            : result.GetValue(_jitter) is { } percent ? $"--jitter {percent}"
            : result.GetValue(_faults) is > 0 and var most ? $"--faults {most}"
            : repeat < LeastEvidence ? $"--repeat {repeat}"
            : text == "captured" || CountIn(text) < LeastEvidence ? $"--schedules {text}"
            : BudgetOf(result.GetValue(_budget)) is { Time: null, Schedules: < LeastEvidence } ? $"--budget {result.GetValue(_budget)}"
            : null;
    }

    /// <summary>Refuses what cannot be divided, where a range of it is asked for.</summary>
    public void RefuseUndivided(Command command, Func<CommandResult, bool> isAskedFor) =>
        command.Validators.Add(result =>
        {
            if (isAskedFor(result) && Undivided(result) is { } what)
                result.AddError($"--range: {what} cannot be divided; leave it out, or --range");
        });

    private string? Undivided(CommandResult result) =>
        result.GetValue(_schedule) is { } file ? $"--schedule {file}"
        : TellsSteps(result) ? "--steps"
        : result.GetValue(_races) == "only" ? "--races only"
        : result.GetValue(_schedules) == "captured" ? "--schedules captured"
        : result.GetValue(_faults) is > 0 and var most ? $"--faults {most}"
        : BudgetOf(result.GetValue(_budget)) is { Time: not null } ? $"--budget {result.GetValue(_budget)}"
        : null;

    /// <summary>Whether the steps of one schedule are to be told.</summary>
    public bool TellsSteps(CommandResult result) => result.GetValue(_steps) || result.GetValue(_choose) is { Length: > 0 };

    /// <summary>Whether the steps of one schedule are to be told.</summary>
    public bool TellsSteps(ParseResult parsed) => parsed.GetValue(_steps) || parsed.GetValue(_choose) is { Length: > 0 };

    /// <summary>Adds those that hold for an agent in another process, whose steps are not the harness's.</summary>
    public void AddOutOfProcessTo(Command command) =>
        AddTo(command, [_schedules, _jitter, _budget, _seed, _hypothesis, _acceptDrift, _onMismatch]);

    /// <summary>Adds those that hold where it is only asked what goes wrong in other orders.</summary>
    public void AddOfOrdersTo(Command command) =>
        AddTo(command, [_schedules, _strategy, _budget, _seed, _acceptDrift, _onMismatch, _races]);

    private void AddTo(Command command, Option[] options)
    {
        foreach (var option in options)
            command.Options.Add(option);
        command.Validators.Add(Validate);
    }

    /// <summary>The options that were given.</summary>
    public ReplayOptions Of(ParseResult parsed) =>
        new()
        {
            Schedules = SchedulesOf(parsed),
            Seed = parsed.GetValue(_seed),
            Budget = BudgetOf(parsed.GetValue(_budget)) ?? Budget.Default,
            Matching = new(parsed.GetValue(_acceptDrift), PolicyOf(parsed.GetValue(_onMismatch)) ?? MismatchPolicy.Fail),
            Hypotheses = parsed.GetValue(_hypothesis) ?? [],
            Races = parsed.GetValue(_races) != "off",
        };

    // What is more particular goes before what is more general.
    private Schedules SchedulesOf(ParseResult parsed)
    {
        var text = parsed.GetValue(_schedules)!;
        var count = parsed.GetValue(_repeat) ?? CountIn(text);
        if (parsed.GetValue(_schedule) is { } file)
            return Schedules.FromFile(file);
        if (TellsSteps(parsed))
            return Schedules.Stepped([.. (parsed.GetValue(_choose) ?? []).Select(c => StepsText.Parse(c)!)]);
        if (parsed.GetValue(_races) == "only")
            return Schedules.Races;
        if (count is null && text == "captured")
            return Schedules.Captured;
        if (parsed.GetValue(_faults) is > 0 and var most)
            return Schedules.Faults(most);
        if (parsed.GetValue(_jitter) is { } percent)
            return Schedules.Jitter(count ?? JitterSchedules, percent);
        if (count is { } drawn)
            return Schedules.Drawn(drawn, parsed.GetValue(_strategy) ?? DrawnStrategies.Default)!;
        return parsed.GetValue(_interleave) is null ? Schedules.All : Schedules.AllWithItems;
    }

    private void Validate(CommandResult result)
    {
        if (result.GetValue(_schedules) is { } s && s is not ("captured" or "all") && CountIn(s) is null)
            result.AddError($"--schedules {s}: expected captured, all or a number above 0");
        if (result.GetValue(_strategy) is { } t && !DrawnStrategies.Knows(t))
            result.AddError($"--strategy {t}: expected {DrawnStrategies.Expected}");
        if (result.GetValue(_jitter) is < 1 or > 99)
            result.AddError($"--jitter {result.GetValue(_jitter)}: expected 1 to 99 percent");
        if (result.GetValue(_faults) < 0)
            result.AddError($"--faults {result.GetValue(_faults)}: expected 0 or more");
        if (result.GetValue(_repeat) < 1)
            result.AddError($"--repeat {result.GetValue(_repeat)}: expected 1 or more");
        if (result.GetValue(_interleave) is not (null or "items"))
            result.AddError($"--interleave {result.GetValue(_interleave)}: expected items");
        if (result.GetValue(_onMismatch) is { } m && PolicyOf(m) is null)
            result.AddError($"--on-mismatch {m}: expected fail, error-result or continue");
        if (result.GetValue(_races) is not (null or "on" or "off" or "only"))
            result.AddError($"--races {result.GetValue(_races)}: expected on, off or only");
        if (result.GetValue(_budget) is { } b && BudgetOf(b) is null)
            result.AddError($"--budget {b}: expected a number of schedules, or of seconds (30s)");
    }

    private static MismatchPolicy? PolicyOf(string? name) =>
        name switch
        {
            "fail" => MismatchPolicy.Fail,
            "error-result" => MismatchPolicy.ErrorResult,
            "continue" => MismatchPolicy.Continue,
            _ => null,
        };

    private static int? CountIn(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;

    private static Budget? BudgetOf(string? text)
    {
        if (text is null)
            return null;
        if (!text.EndsWith('s'))
            return CountIn(text) is { } schedules ? new Budget { Schedules = schedules } : null;
        return double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? new Budget { Schedules = int.MaxValue, Time = TimeSpan.FromSeconds(seconds) }
            : null;
    }
}
