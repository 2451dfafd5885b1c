using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>A span of the agent's own, in the time of its schedule.</summary>
internal abstract class AgentSpan
{
    /// <summary>The attribute by which agents say why a run stopped.</summary>
    public const string StopReasonAttribute = "stop_reason";

    /// <summary>What an attempt ended with where nothing says more.</summary>
    public const string AttemptFailed = "AttemptFailed",
        AnotherFollowed = "another attempt followed";

    public abstract string Name { get; }

    /// <summary>Nanoseconds of the Unix epoch.</summary>
    public required long StartNanos { get; init; }

    /// <summary>Nanoseconds of the Unix epoch; not before the start.</summary>
    public required long EndNanos { get; init; }

    /// <summary>The span around it; null where there is none.</summary>
    public AgentSpan? Parent { get; set; }

    /// <summary>The call that it is: seen twice, by the agent and by a boundary. Null for any other span.</summary>
    public BoundaryCall? Call { get; set; }

    /// <summary>Its id in the schedule's trace.</summary>
    public string Id { get; set; } = "";

    /// <summary>What it says of why the agent stopped, or null.</summary>
    public abstract string? StopReason { get; }

    /// <summary>What it failed with, or null.</summary>
    public abstract CallError? Error { get; }

    /// <summary>The span as it stands in the schedule's trace.</summary>
    public abstract Span In(string traceId, string parentId);
}
