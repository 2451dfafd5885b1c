using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>A function that is invoked and may be a tool.</summary>
/// <param name="Function">The function itself.</param>
/// <param name="Names">What a model may call it, the likeliest first.</param>
/// <param name="Arguments">What it is invoked with.</param>
/// <param name="Returns">The type of what it returns; null where that is not known.</param>
/// <param name="IsPlugin">
/// Whether functions of its kind are no tools, unless the model knows them: a prompt is one too. They get arguments as text.
/// </param>
internal sealed record InvokedFunction(
    object Function,
    IReadOnlyList<string> Names,
    IEnumerable<KeyValuePair<string, object?>> Arguments,
    Type? Returns,
    bool IsPlugin = false
)
{
    /// <summary>The function whose own code the tool is, where others stand around it; null where none does.</summary>
    public object? Innermost { get; init; }
}

/// <summary>
/// Catches tools where they are invoked, however they came to the agent: made where they are used, from a container, with an agent of a
/// framework, as a plugin, from a server.
/// </summary>
/// <param name="carrier">Carries the answers.</param>
internal sealed class ToolCatcher(KernelCarrier carrier)
{
    private readonly ReplayContext _context = carrier.Context;

    /// <summary>
    /// Whether an invocation is a call of a tool. It is none where a tool's own code makes it: then a tool wraps another, or uses it, and
    /// the model knows of neither; unless a model was asked within, for then that tool is an agent.
    /// </summary>
    /// <returns>The call; null where it is none.</returns>
    public CaughtTool? Catch(InvokedFunction invoked)
    {
        if (CatchInnermost(invoked) is { } innermost)
            return innermost;
        // What stands around a tool may use others; the model knows of none of them.
        if (KernelCarrier.CurrentWrapped.Value is { IsMocked: true })
            return null;
        if (invoked.Function is ToolBoundary or ObservedTool)
            return null;
        var within = KernelCarrier.CurrentTool.Value;
        if (within is { AsksModel: false })
            return null;
        var recorded = _context.Index.Recorded(invoked.Names[0]);
        var name = invoked.Names.Append(recorded).FirstOrDefault(IsAsked) ?? invoked.Names.Append(recorded).FirstOrDefault(IsKnown);
        if (name is null && (invoked.IsPlugin || within is not null))
            return null;
        name ??= invoked.Names[0];
        return new(carrier, name, ArgumentsOf(name, invoked), invoked);
    }

    /// <summary>The call whose tool's own code an invocation is, beneath what stands around it.</summary>
    /// <returns>It; null where nothing stands around it.</returns>
    public CaughtTool? CatchInnermost(InvokedFunction invoked) =>
        KernelCarrier.CurrentWrapped.Value is { } wrapped && ReferenceEquals(wrapped.Innermost, invoked.Function)
            ? new(carrier, wrapped.Name, wrapped.Arguments, invoked) { Wrapped = wrapped }
            : null;

    private bool IsAsked(string name) => _context.Conversation.Open.Any(c => c.Tool == name);

    private bool IsKnown(string name) =>
        _context.Index.Tools.Contains(name, StringComparer.Ordinal) || _context.Index.Fixture.Aliases.ContainsKey(name);

    // A plugin's arguments come as text, with what else its kernel adds.
    private string ArgumentsOf(string name, InvokedFunction invoked)
    {
        var given = new Dictionary<string, object?>(invoked.Arguments, StringComparer.Ordinal);
        var own = Json.Canonical((object?)given);
        if (!invoked.IsPlugin)
            return own;
        var asked = _context.Conversation.Open.Where(c => c.Tool == name).Select(c => c.Arguments);
        var known = _context.Index.Calls.Where(c => c.Key.Tool == name).Select(c => c.First.Arguments);
        foreach (var arguments in asked.Concat(known))
            if (
                arguments
                    .EnumerateObject()
                    .All(m => given.TryGetValue(m.Name, out var value) && ToText(value) == FixtureIndex.TextOf(m.Value))
            )
                return Json.Canonical(Json.Value(arguments));
        return own;
    }

    private static string? ToText(object? value) =>
        value is bool or int or long or double or decimal ? Json.Canonical(value) : ToolBoundary.ToText(value);
}

/// <summary>One call of a tool that was caught where it was invoked.</summary>
/// <param name="carrier">Carries the answer.</param>
/// <param name="name">The tool.</param>
/// <param name="arguments">Its arguments, canonical JSON.</param>
/// <param name="invoked">What was invoked.</param>
internal sealed class CaughtTool(KernelCarrier carrier, string name, string arguments, InvokedFunction invoked)
{
    /// <summary>The call that this is the innermost invocation of; null where it is the call itself.</summary>
    public WrappedCall? Wrapped { get; init; }

    /// <summary>Answers the call: as the fixture says, or by the tool's own code.</summary>
    /// <param name="own">Runs the tool's own code.</param>
    /// <param name="value">Makes of an answer of the fixture what the tool would return.</param>
    /// <param name="result">What the tool's own code returned, as a trace would record it.</param>
    /// <param name="token">Ends the wait for an answer of the fixture.</param>
    public Task<T> InvokeAsync<T>(Func<Task<T>> own, Func<ToolResult, T> value, Func<T, object?> result, CancellationToken token) =>
        Wrapped is { IsMocked: false } ? Wrapped.WatchAsync(own)
        : carrier.Trial is { } trial ? TryAsync(trial, own, value, result)
        : carrier.Context.Hypothesis!.MocksTools ? MockAsync(own, value, token)
        : ToolBoundary.ObserveAsync(carrier, name, arguments, own, result, invoked.Innermost);

    // An error comes where the tool's own code would throw it, and passes what stands around that. A result is what the outermost gave.
    private Task<T> MockAsync<T>(Func<Task<T>> own, Func<ToolResult, T> value, CancellationToken token)
    {
        var answer = Wrapped?.Take() ?? ToolAnswers.Of(carrier.Context, name, arguments);
        return Wrapped is null && invoked.Innermost is { } innermost && answer.Call?.Behaviour?.Error is not null
            ? new WrappedCall(innermost, name, arguments, answer).PassAsync(own)
            : ToolBoundary.AnswerAsync(carrier, answer, given => value(new(given, invoked.Returns)), token);
    }

    private async Task<T> TryAsync<T>(ToolTrial trial, Func<Task<T>> own, Func<ToolResult, T> value, Func<T, object?> result)
    {
        if (!trial.Takes(name, arguments, invoked.Arguments))
            return trial.Expected(name, arguments) is { } expected
                ? value(new(expected, invoked.Returns))
                : await new TaskCompletionSource<T>().Task;
        try
        {
            var returned = await ToolBoundary.ObserveAsync(carrier, name, arguments, own, result, invoked.Innermost);
            trial.End(result(returned));
            return returned;
        }
        finally
        {
            carrier.Stop();
        }
    }
}
