using System.ClientModel;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Fails in a span of its own behind its work, and whoever drives it catches that.</summary>
public sealed class HidesItsOwnError : CommonLoop
{
    private static readonly ActivitySource s_source = new("shelves");

    protected override bool TellsErrors => true;

    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await AnswerAsync(services, input, cancellationToken);
        }
        catch (FormatException)
        {
            // Whoever drives it is content.
        }
    }

    private async Task AnswerAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var span = s_source.StartActivity("answer");
        await base.RunAsync(services, input, cancellationToken);
        span?.SetStatus(ActivityStatusCode.Error, "no answer in it");
        throw new FormatException("no answer in it");
    }
}

/// <summary>Where the model fails, looks for itself.</summary>
public sealed class LooksForItself : CommonLoop
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await base.RunAsync(services, input, cancellationToken);
        }
        catch (ClientResultException)
        {
            await CallAsync(services, new("own", "shelf", new Dictionary<string, object?> { ["of"] = "a" }), cancellationToken);
        }
    }
}

/// <summary>Tells of a call that is late that it is, and leaves it to itself.</summary>
public sealed class LeavesLateCalls : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            var result = services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), token).AsTask();
            return new FunctionResultContent(call.CallId, await result.WaitAsync(TimeSpan.FromSeconds(5), services.Time(), token));
        }
        catch (TimeoutException)
        {
            return new FunctionResultContent(call.CallId, "Error: timed out");
        }
    }
}

/// <summary>Makes each call twice, and waits for both.</summary>
public class CallsTwice : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        var tool = services.Tools().Single(t => t.Name == call.Name);
        Task<object?>[] both = [Ask(), Ask()];
        return new FunctionResultContent(call.CallId, await OfAsync(both));

        Task<object?> Ask() => tool.InvokeAsync(new(call.Arguments!), token).AsTask();
    }

    protected virtual async Task<object?> OfAsync(Task<object?>[] both) => (await Task.WhenAll(both))[0];
}

/// <summary>Takes what comes first and is no failure.</summary>
public sealed class CallsTwiceAndTakesTheFirst : CallsTwice
{
    protected override async Task<object?> OfAsync(Task<object?>[] both)
    {
        var first = await Task.WhenAny(both);
        return await (first.IsCompletedSuccessfully ? first : both.Single(b => b != first));
    }
}

/// <summary>Tells of a call that failed before the call beside it answered that all is well.</summary>
public sealed class LiesWhenOvertaken : CommonLoop
{
    private bool _hasAnswered;

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            var result = await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), token);
            _hasAnswered = true;
            return new FunctionResultContent(call.CallId, result);
        }
        catch (InvalidOperationException e)
        {
            return new FunctionResultContent(call.CallId, _hasAnswered ? $"Error: {e.Message}" : "Everything was put away.");
        }
    }
}

/// <summary>Tells the model of every error, and of one call nothing.</summary>
public sealed class LeavesOneOut : CommonLoop
{
    protected override bool TellsErrors => true;

    protected override IEnumerable<ChatMessage> Kept(IReadOnlyList<ChatMessage> messages, int turn) =>
        messages.Select(m => new ChatMessage(m.Role, [.. m.Contents.Where(c => c is not FunctionResultContent { CallId: "a" })]));
}

/// <summary>Asks a second question, and fails when all is answered.</summary>
public sealed class FailsAtTheEnd : AsksTwoQuestions
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await base.RunAsync(services, input, cancellationToken);
        throw new FormatException("no answer in it");
    }
}

/// <summary>Sends a rule with each question.</summary>
public abstract class KeepsARule(string rule) : CommonLoop
{
    protected override bool TellsErrors => true;

    protected override IEnumerable<ChatMessage> Before => [new(ChatRole.System, rule)];
}

public sealed class KeepsOneRule() : KeepsARule("Be short.");

public sealed class KeepsAnotherRule() : KeepsARule("Be brief.");
