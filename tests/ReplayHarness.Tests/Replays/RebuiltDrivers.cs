using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>A loop whose clause looks at what it caught, as teams write it.</summary>
public abstract class CatchesWhen : IReplayDriver
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

    protected abstract bool Takes(Exception e);

    protected virtual async Task<object?> CallAsync(
        IServiceProvider services,
        FunctionCallContent call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), cancellationToken);
        }
        catch (Exception e) when (Takes(e))
        {
            return $"Error: {e.Message}";
        }
    }
}

/// <summary>An exception that holds more than its message tells.</summary>
public class CodedException : Exception
{
    public CodedException(int code, string detail)
        : base(detail) => Code = code;

    public int Code { get; }

    public bool IsPermanent => Code == 404;
}

/// <summary>What its callers may fill.</summary>
public sealed class OpenException(string message) : Exception(message)
{
    public int Code { get; init; }

    public string Kind { get; set; } = "none";
}

/// <summary>One whose number is its type's own.</summary>
public sealed class GoneException(string message) : CodedException(410, message);

/// <summary>One whose every field its message makes.</summary>
public sealed class SettledException : Exception
{
    private readonly bool _isShort;

    public SettledException(string message, Exception? inner = null)
        : base(message, inner) => _isShort = message.Length < 99;

    public bool IsShort => _isShort;

    public bool IsTransient { get; } = true;
}

/// <summary>One that makes its message of something else.</summary>
public sealed class SkuException(string sku) : Exception($"no stock of {sku}")
{
    public string Sku => sku;
}

public sealed class StatusException(string message, int statusCode) : Exception(message)
{
    public int Answered { get; } = statusCode;
}

public sealed class PairException<TKey, TValue>(string message) : Exception(message);

/// <summary>Holds exceptions, as SDKs do.</summary>
public static class Outer
{
    public sealed class InnerException(string message) : Exception(message);
}

public sealed class ByCode : CatchesWhen
{
    protected override bool Takes(Exception e) => e is CodedException coded && coded.Code != 404;
}

public sealed class ByPattern : CatchesWhen
{
    protected override bool Takes(Exception e) => e is CodedException { Code: not 404 };
}

public sealed class ByReflection : CatchesWhen
{
    protected override bool Takes(Exception e) => e.GetType().GetProperty("Code")?.GetValue(e) is not 404;
}

public sealed class ByTypeAlone : CatchesWhen
{
    protected override bool Takes(Exception e) => e is CodedException;
}

public sealed class ByStatus : CatchesWhen
{
    protected override bool Takes(Exception e) => e is HttpRequestException { StatusCode: not HttpStatusCode.NotFound };
}

public sealed class ByInner : CatchesWhen
{
    protected override bool Takes(Exception e) => e.InnerException is not SocketException;
}

public sealed class ByHResult : CatchesWhen
{
    protected override bool Takes(Exception e) => e is IOException && (e.HResult & 0xffff) != 28;
}

public sealed class ByHandle : CatchesWhen
{
    protected override bool Takes(Exception e)
    {
        (e as AggregateException)?.Handle(inner => inner is not StockException);
        return true;
    }
}

/// <summary>Its clause begins with the reading.</summary>
public sealed class InItsClause : CatchesWhen
{
    protected override bool Takes(Exception e) => false;

    protected override async Task<object?> CallAsync(
        IServiceProvider services,
        FunctionCallContent call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return Text(e);
        }
    }

    private static string Said(HttpStatusCode? status) => $"{status}";

    private static string Text(HttpRequestException thrown)
    {
        try
        {
            throw thrown;
        }
        catch (HttpRequestException e)
        {
            return Said(e.StatusCode);
        }
    }
}

/// <summary>Its filter reads by itself.</summary>
public sealed class InItsFilter : CatchesWhen
{
    protected override bool Takes(Exception e) => false;

    protected override async Task<object?> CallAsync(
        IServiceProvider services,
        FunctionCallContent call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), cancellationToken);
        }
        catch (HttpRequestException e) when (e.StatusCode != HttpStatusCode.NotFound)
        {
            return $"Error: {e.Message}";
        }
    }
}
