using System.Text.Json;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// What a mocked tool answers: as captured; or, where its calls contend for one resource, as captured only while a sibling is in flight,
/// and healthy otherwise.
/// </summary>
internal static class ToolAnswers
{
    /// <summary>The answer to a call.</summary>
    /// <param name="context">The schedule.</param>
    /// <param name="tool">The tool, as the agent calls it.</param>
    /// <param name="arguments">Its arguments, canonical JSON.</param>
    public static Answer Of(ReplayContext context, string tool, string arguments)
    {
        BoundaryCall call;
        Behaviour? behaviour;
        lock (context.Gate)
        {
            (behaviour, var divergence) = context.Tools.Match(tool, arguments, context.Conversation.Attempt);
            if (behaviour is null)
                return context.Diverge(divergence!, Empty);
            call = context.CallOf(BoundaryKind.Tool, tool, arguments, behaviour);
        }
        return Healthy(context, behaviour) is { } healthy
            ? new(call, TimeSpan.FromSeconds(healthy.LatencySeconds), Result(healthy.Result))
            : new(call, TimeSpan.FromSeconds(behaviour.LatencySeconds), Captured(behaviour));
    }

    /// <summary>A call is under way: it, and any sibling that is, may now contend. Gives the answers that have become others.</summary>
    public static IReadOnlyList<Answer> Contend(ReplayContext context, Answer answer)
    {
        var call = answer.Call!;
        if (call.Kind != BoundaryKind.Tool || !Contends(context, call.Behaviour))
            return [];
        List<Answer> changed = [];
        foreach (var sibling in context.SiblingsInFlight(call).Where(s => Contends(context, s.Call!.Behaviour)))
        {
            Contend(answer, sibling.Call!, changed);
            Contend(sibling, call, changed);
        }
        return changed;
    }

    /// <summary>A tool that returns nothing.</summary>
    public static Outcome Empty { get; } = new Returned(null);

    private static void Contend(Answer answer, BoundaryCall with, List<Answer> changed)
    {
        var (call, behaviour) = (answer.Call!, answer.Call!.Behaviour!);
        if (behaviour.Error is null || call.ContendedWith is not null)
            return;
        call.ContendedWith = with.Behaviour!.Id;
        (answer.Latency, answer.Outcome) = (TimeSpan.FromSeconds(behaviour.LatencySeconds), Captured(behaviour));
        changed.Add(answer);
    }

    private static bool Contends(ReplayContext context, Behaviour? behaviour) =>
        behaviour is not null && context.Hypothesis?.Contending.Contains(behaviour.Tool, StringComparer.Ordinal) == true;

    private static HealthyCall? Healthy(ReplayContext context, Behaviour behaviour) =>
        behaviour.Error is not null && Contends(context, behaviour)
            ? context.Index.HealthyOf(FixtureIndex.Key(behaviour.Tool, behaviour.Arguments))
            : null;

    private static Outcome Captured(Behaviour behaviour) =>
        behaviour.Error is { } error ? new Failed(error) : Result(behaviour.Result!.Value);

    private static Returned Result(JsonElement result) => new(result) { Result = FixtureIndex.TextOf(result) };
}
