using System.Globalization;
using Bogus;
using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Support;

/// <summary>A call of a random run. Times are milliseconds since the run began.</summary>
internal sealed record RandomCall(string Id, int Attempt, int Turn, string? Tool, long Start, long End)
{
    public CallError? Error { get; init; }

    public string? Result { get; init; }

    public string? ContendedWith { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>The calls whose results a request of the model holds.</summary>
    public string Told { get; init; } = "";

    /// <summary>Whether it is an attempt of the client that was refused, and that the next call of the model repeats.</summary>
    public bool IsRetried { get; init; }

    public override string ToString() =>
        $"{Id} attempt {Attempt} turn {Turn} {Tool ?? "model"} {Start}-{End} {Error} {Result} {ContendedWith} {FinishReason} {Told}";
}

/// <summary>A run of one or two attempts, each with a few turns of sibling calls, in order of start.</summary>
internal sealed record RandomRun(IReadOnlyList<RandomCall> Calls, CallError? Failure)
{
    private const int Second = 1_000;

    private static readonly int[] s_durations = [1_000, 2_000, 3_000, 6_500, 10_200, 12_700, 30_400, 33_000, 60_800, 70_000];
    private static readonly CallError?[] s_errors =
    [
        null,
        null,
        null,
        null,
        new("TimeoutError", "timed out"),
        new("ConnectionError", "Connection refused"),
        new("CancelledError", "Cancelled"),
        new("MaxTurnsExceeded", "max turns"),
        new("ValueError", "no"),
    ];
    private static readonly CallError s_tooMany = new("RateLimitError", "429: try again in 2s");

    // Just long enough, and not if the refusal came a second later.
    private const long Refusing = 200,
        Pause = 2_300;
    private static readonly string[] s_results = ["ok", "ok", "else", """{"error":"no such thing"}"""];
    private static readonly Dictionary<(string, string), string> s_expected = new()
    {
        [("a", Json.Canonical("{}"))] = Json.Canonical("ok"),
        [("b", Json.Canonical("{}"))] = Json.Canonical("ok"),
    };

    private static readonly RunKnowledge s_known = new()
    {
        ExpectedResults = s_expected,
        AnswersAlone = true,
        Effects = new Dictionary<string, bool> { ["a"] = true },
    };

    public static RandomRun New(Randomizer random)
    {
        List<RandomCall> calls = [];
        var now = 0L;
        var attempts = random.Int(1, 2);
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            var turns = random.Int(1, 3);
            RandomCall[] siblings = [];
            for (var turn = 0; turn < turns; turn++)
            {
                var refused = Refused(random, calls.Count, attempt, turn, now);
                calls.AddRange(refused);
                var model = Model(random, calls.Count, attempt, turn, refused.Length > 0 ? refused[0].End + Pause : now, siblings);
                if (refused.Length > 0 && random.Bool())
                    model = model with { Error = s_tooMany };
                siblings = [.. Enumerable.Range(1, random.Int(1, 4)).Select(i => Sibling(random, calls.Count + i, model))];
                calls.AddRange(siblings.OrderBy(s => s.Start).Prepend(model));
                // An odd second, so that no call ends as the model is asked; sometimes with room before it.
                now = siblings.Max(s => s.End) + random.ArrayElement([1, 101, 40_001]);
            }
        }
        return new(calls, random.ArrayElement(s_errors));
    }

    private static RandomCall Model(Randomizer random, int id, int attempt, int turn, long now, RandomCall[] asked) =>
        new($"m{id}", attempt, turn, null, now, now + Second)
        {
            Error = random.Int(0, 9) == 0 ? random.ArrayElement(s_errors) : null,
            FinishReason = random.Int(0, 9) == 0 ? TruncatedOutput.Length : "stop",
            Told = string.Join(' ', asked.Where(_ => random.Int(0, 3) > 0).Select(c => c.Id)),
        };

    private static RandomCall[] Refused(Randomizer random, int id, int attempt, int turn, long now) =>
        random.Int(0, 3) > 0 ? [] : [new($"r{id}", attempt, turn, null, now, now + Refusing) { Error = s_tooMany, IsRetried = true }];

    private static RandomCall Sibling(Randomizer random, int id, RandomCall model)
    {
        var start = model.End + random.ArrayElement([0, 0, 0, 2_000]);
        var error = random.ArrayElement(s_errors);
        return new(
            $"c{id}",
            model.Attempt,
            model.Turn + 1,
            random.ArrayElement(["a", "a", "b"]),
            start,
            start + random.ArrayElement(s_durations)
        )
        {
            Error = error,
            Result = error is null ? random.ArrayElement(s_results) : null,
            ContendedWith = random.Int(0, 9) == 0 ? "another" : null,
        };
    }

    /// <summary>A moment at which something has just happened.</summary>
    public long AnyMoment(Randomizer random) => random.ListItem([.. Calls.Select(c => c.End)]);

    /// <summary>The calls so far, in order of start.</summary>
    public IReadOnlyList<CallSoFar> Before(long now) =>
        [
            .. Calls
                .Where(c => c.Start <= now)
                .Select(c => new CallSoFar(
                    c.Attempt,
                    c.Turn,
                    c.Tool,
                    TimeSpan.FromMilliseconds(c.Start),
                    c.End <= now ? TimeSpan.FromMilliseconds(c.End) : null,
                    c.End <= now ? c.Error : null,
                    FactsOf(c, now)
                )
                {
                    Asked = c.Tool is null && c.End <= now ? AskedBy(c) : [],
                }),
        ];

    private string[] AskedBy(RandomCall model) =>
        model.IsRetried
            ? []
            : [.. Calls.Where(c => c.Tool is not null && c.Attempt == model.Attempt && c.Turn == model.Turn + 1).Select(c => c.Tool!)];

    private ulong FactsOf(RandomCall call, long now)
    {
        var untimed = call with { Start = 0, End = 0 };
        var text =
            call.End <= now
                ? $"{untimed} after {Calls.Count(m => m.Tool is null && m.Start < call.End)}"
                : $"{untimed with { Error = null, Result = null, FinishReason = null }}";
        // FNV-1a: the same in every process.
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    /// <summary>The same run, where calls that had ended at a moment began or ended at other times, or began in another order.</summary>
    public RandomRun WithAnotherPast(Randomizer random, long now)
    {
        var calls = Calls.ToList();
        for (var changes = random.Int(0, 2); changes > 0; changes--)
            Move(random, calls, now);
        // Siblings that begin together come in any order.
        var order = calls.ToDictionary(c => c.Id, _ => random.Int());
        return this with { Calls = [.. calls.OrderBy(c => c.Start).ThenBy(c => c.Start <= now && c.Tool is not null ? order[c.Id] : 0)] };
    }

    private static void Move(Randomizer random, List<RandomCall> calls, long now)
    {
        var at = random.Int(0, calls.Count - 1);
        var call = calls[at];
        if (call.End > now)
            return;
        if (call.IsRetried)
        {
            var late = call.Start + random.ArrayElement([Refusing, Refusing + Second]);
            if (late <= now)
                calls[at] = call with { End = late };
        }
        if (call.Tool is null)
            return;
        var asked = calls.Last(m => m.Tool is null && m.Attempt == call.Attempt && m.Turn == call.Turn - 1);
        var next = calls.Where(m => m.Tool is null && m.Start > asked.Start).Select(m => m.Start).Append(now).Min();
        var start = random.ArrayElement([call.Start, asked.End, asked.End + 2_000, asked.End + 20_000]);
        var end = random.ArrayElement([call.End, start + random.ArrayElement(s_durations)]);
        if (start < end && end <= next)
            calls[at] = call with { Start = start, End = end };
    }

    /// <summary>What a rule finds, attempt by attempt.</summary>
    public string Identities(Rule rule) =>
        string.Join(
            " | ",
            Calls
                .GroupBy(c => c.Attempt)
                .Select(a => string.Join(", ", FailureShape.IdentityOf(rule.Find(new RunView(RunOf([.. a]), s_known)))))
        );

    // As a replay's trace has it: an attempt that another one follows failed with the error of its last failed call.
    private AgentRun RunOf(RandomCall[] calls)
    {
        var isLast = calls[0].Attempt == Calls[^1].Attempt;
        var error = isLast ? Failure : calls.LastOrDefault(c => c.Error is not null)?.Error ?? new("AttemptFailed", "");
        var spans = calls.ToDictionary(c => c.Id, (c => SpanOf(c)));
        var turns =
            from model in calls
            where model is { Tool: null, IsRetried: false }
            let siblings = calls.Where(c => c.Tool is not null && c.Turn == model.Turn + 1)
            select new Turn(
                new ModelCall(
                    spans[model.Id],
                    [.. calls.Where(c => c.IsRetried && c.Turn == model.Turn).Append(model).Select(c => spans[c.Id])]
                )
                {
                    Error = model.Error,
                    FinishReason = model.FinishReason,
                    Input = InputOf(model, calls),
                },
                [
                    .. siblings
                        .OrderBy(c => c.Start)
                        .ThenBy(c => c.End)
                        .Select(c => new ToolCall(spans[c.Id], c.Tool!)
                        {
                            CallId = c.Id,
                            Arguments = "{}",
                            Result = c.Result,
                            Error = c.Error,
                            ContendedWith = c.ContendedWith,
                        }),
                ]
            );
        return new AgentRun
        {
            Trace = new Trace("", [.. spans.Values]),
            Spans = [.. spans.Values],
            Dialect = "",
            Turns = [.. turns],
            Failed = error is not null,
            Error = error,
        };
    }

    private static Message[] InputOf(RandomCall model, RandomCall[] calls) =>
        [
            new(
                "assistant",
                [
                    .. calls
                        .Where(c => c.Tool is not null && c.Turn == model.Turn)
                        .OrderBy(c => c.Id)
                        .Select(c => new ToolCallPart(c.Id, c.Tool!, "{}")),
                ]
            ),
            new("tool", [.. model.Told.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => new ToolResultPart(id, "ok"))]),
        ];

    private static Span SpanOf(RandomCall call) =>
        new("", call.Id, null, call.Tool ?? "model", call.Start * 1_000_000, call.End * 1_000_000)
        {
            Status = call.Error is null ? SpanStatus.Unset : SpanStatus.Error,
            StatusMessage = call.Error?.ToString(),
        };

    public override string ToString() => string.Join('\n', Calls.Select(c => c.ToString())) + $"\n{Failure}";
}
