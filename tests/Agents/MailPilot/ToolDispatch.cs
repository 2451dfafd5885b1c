using Microsoft.Extensions.AI;

namespace MailPilot;

/// <summary>Runs the tool calls of one turn and returns their results for the model.</summary>
public interface IToolDispatcher
{
    Task<IReadOnlyList<AIContent>> DispatchAsync(IReadOnlyList<FunctionCallContent> calls, Func<FunctionCallContent, Task<object?>> invoke);
}

/// <summary>All calls of a turn at once; the first exception ends the run.</summary>
public sealed class ParallelDispatch : IToolDispatcher
{
    public async Task<IReadOnlyList<AIContent>> DispatchAsync(
        IReadOnlyList<FunctionCallContent> calls,
        Func<FunctionCallContent, Task<object?>> invoke
    ) => await Task.WhenAll(calls.Select(async c => (AIContent)new FunctionResultContent(c.CallId, await invoke(c))));
}

/// <summary>All calls of a turn at once; a tool's exception becomes its result, for the model to see.</summary>
public sealed class SurvivingDispatch : IToolDispatcher
{
    public async Task<IReadOnlyList<AIContent>> DispatchAsync(
        IReadOnlyList<FunctionCallContent> calls,
        Func<FunctionCallContent, Task<object?>> invoke
    ) => await Task.WhenAll(calls.Select(c => AnswerAsync(c, invoke)));

    private static async Task<AIContent> AnswerAsync(FunctionCallContent call, Func<FunctionCallContent, Task<object?>> invoke)
    {
        try
        {
            return new FunctionResultContent(call.CallId, await invoke(call));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new FunctionResultContent(call.CallId, $"The tool failed: {e.Message}");
        }
    }
}

/// <summary>The calls of a turn one after another; the first exception ends the run.</summary>
public sealed class SerialDispatch : IToolDispatcher
{
    public async Task<IReadOnlyList<AIContent>> DispatchAsync(
        IReadOnlyList<FunctionCallContent> calls,
        Func<FunctionCallContent, Task<object?>> invoke
    )
    {
        var results = new List<AIContent>();
        foreach (var call in calls)
            results.Add(new FunctionResultContent(call.CallId, await invoke(call)));
        return results;
    }
}
