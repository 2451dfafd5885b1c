namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// What this product writes itself: gen_ai, with everything that is to be known of a call, and the number of the attempt that it belongs
/// to. Spans of others around it are wrappers, whatever they are called.
/// </summary>
internal sealed class Harness : GenAi
{
    /// <summary>The scope of every span that it writes.</summary>
    public const string Scope = "ReplayHarness";

    /// <summary>The attribute that numbers the attempts, from 1.</summary>
    public const string AttemptName = "replay_harness.attempt";

    /// <summary>
    /// The attribute of a call that was in flight together with another one on a resource that does not stand it: the other's name.
    /// </summary>
    public const string ContendedWithName = "replay_harness.contended_with";

    /// <summary>The attribute that holds when each piece of a streamed answer came, in seconds since the request.</summary>
    public const string StreamSecondsName = "replay_harness.stream_seconds";

    /// <summary>The attribute that says how an answer over HTTP broke off.</summary>
    public const string BrokenName = "replay_harness.broken";

    /// <summary>The attribute of a call that was left in flight when the run ended, and never answered.</summary>
    public const string AbandonedName = "replay_harness.abandoned";

    /// <summary>The attribute that holds the class of a call's error, where the fixture says it.</summary>
    public const string ErrorClassName = "replay_harness.error_class";

    /// <summary>The event of an attempt after whose end something failed that nobody caught.</summary>
    public const string LateCrashEvent = "replay_harness.late_crash";

    /// <summary>The attribute of a tool's call that holds the requests over HTTP that it made: method and URL.</summary>
    public const string RequestsName = "replay_harness.requests";

    /// <summary>
    /// The attribute of a call of a model or a tool that says whose it is, where several agents or several questions make one run: the
    /// same text on all calls of one agent's one question.
    /// </summary>
    public const string CallerName = "replay_harness.caller";

    /// <summary>The name of the dialect of runs that the harness itself wrote.</summary>
    public const string DialectName = "replay";

    public override string Name => DialectName;

    public override IReadOnlyList<string> Prefixes => ["replay_harness."];

    public override IReadOnlyList<string> NotOfTheTask => ["replay_harness."];

    public override bool TellsAll => true;

    public override bool Recognises(Span span) => span.Scope == Scope;

    public override long? Attempt(Span span) => span.Attributes.Number(AttemptName);

    public override string? Caller(Span span) => span.Attributes.Text(CallerName);

    public override bool IsAbandoned(Span span) => span.Attributes.Has(AbandonedName);

    public override CallError? LateCrash(Span root) =>
        root.Events.FirstOrDefault(e => e.Name == LateCrashEvent) is { } crash
            ? new(crash.Attributes.Text("exception.type") ?? "", crash.Attributes.Text("exception.message") ?? "")
            : null;

    public override string? ContendedWith(Span span) => span.Attributes.Text(ContendedWithName);
}
