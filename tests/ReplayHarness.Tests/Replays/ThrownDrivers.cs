using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>A loop whose catch clause tells the model of one type of exception only, as teams write it.</summary>
public abstract class CatchesOneType<TException> : IReplayDriver
    where TException : Exception
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
        while (true)
        {
            var answer = await services.ChatClient().GetResponseAsync(messages, null, cancellationToken);
            messages.AddRange(answer.Messages);
            FunctionCallContent[] calls = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return;
            foreach (var call in calls)
                messages.Add(
                    new(ChatRole.Tool, [new FunctionResultContent(call.CallId, await CallAsync(services, call, cancellationToken))])
                );
        }
    }

    private static async Task<object?> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), cancellationToken);
        }
        catch (TException e)
        {
            return $"Error: {e.Message}";
        }
    }
}

/// <summary>Expects that a backend may be away.</summary>
public sealed class CatchesHttpErrors : CatchesOneType<HttpRequestException>;

/// <summary>Expects that a file may be broken.</summary>
public sealed class CatchesFileErrors : CatchesOneType<IOException>;

/// <summary>Expects that something is done at the wrong time.</summary>
public sealed class CatchesWrongStates : CatchesOneType<InvalidOperationException>;

/// <summary>Expects that something is not there.</summary>
public sealed class CatchesMissingKeys : CatchesOneType<KeyNotFoundException>;

/// <summary>Expects what its own code throws.</summary>
public sealed class CatchesItsOwn : CatchesOneType<StockException>;

/// <summary>An exception of the agent's own.</summary>
public sealed class StockException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An exception with a status, as SDKs have them.</summary>
public sealed class RefusedException(int status, string message) : Exception(message)
{
    public int Status => status;
}

/// <summary>One type for each kind of what is missing.</summary>
public sealed class MissingException<T>(string message) : Exception(message);

/// <summary>An exception that only its own code makes.</summary>
public sealed class SealedOffException : Exception
{
    internal SealedOffException(string message)
        : base(message) { }
}

/// <summary>An exception that cannot be made of a message.</summary>
public sealed class PickyException : Exception
{
    public PickyException(string message)
        : base(message) => throw new FormatException($"{message} is no number");
}

/// <summary>An exception that wants more than its message tells.</summary>
public sealed class NumberedException(int number) : Exception($"number {number}");

/// <summary>A class that a trace may name, and that is no exception.</summary>
public sealed class NoException
{
    public NoException(string message) => Made = message;

    public static string? Made { get; private set; }
}
