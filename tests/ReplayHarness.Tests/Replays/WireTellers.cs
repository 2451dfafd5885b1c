#pragma warning disable OPENAI001 // Responses of OpenAI's SDK, which may still change.
using System.Text.Json;
using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using OpenAI.Chat;
using OpenAI.Responses;
using OrderDesk;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>What an agent tells its model of a call: null leaves it out.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Text">What it tells.</param>
/// <param name="IsError">Whether it marks it as an error, where the API has a mark.</param>
public sealed record ToldCall(string CallId, string? Text, bool IsError);

/// <summary>
/// The order desk on the SDK of a provider, which asks its model over HTTP. How it tells the model what its calls gave is named in the
/// incident's attributes.
/// </summary>
public abstract class WireTeller : IReplayDriver
{
    /// <summary>The attribute that names it.</summary>
    public const string WayName = "telling";

    protected sealed record Asked(string Id, string Name, string Arguments)
    {
        public Dictionary<string, object?> Named => JsonSerializer.Deserialize<Dictionary<string, object?>>(Arguments)!;
    }

    public void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IReadOnlyList<AIFunction>>(s => new OrderTools(s.HttpClient(), new Gates(shared: false), s.Time()).All);

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var way = input.Attributes[WayName];
        Say(input.Text);
        while (await AskAsync(cancellationToken) is { Count: > 0 } calls)
        {
            var ended = await Task.WhenAll(calls.Select(c => CallAsync(services, c, cancellationToken)));
            Tell([.. Told(way, calls, ended).Where(t => t.Text is not null)], inParts: way == "in parts");
        }
    }

    protected abstract void Say(string text);

    protected abstract Task<IReadOnlyList<Asked>> AskAsync(CancellationToken cancellationToken);

    protected abstract void Tell(IReadOnlyList<ToldCall> told, bool inParts);

    private static IEnumerable<ToldCall> Told(string way, IReadOnlyList<Asked> calls, (string? Result, string? Error)[] ended)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            var (result, error) = way == "swapped" ? ended[^(i + 1)] : ended[i];
            yield return new(
                calls[i].Id,
                way switch
                {
                    "empty" => "",
                    "one left out" when i == 1 => null,
                    "errors as data" => result ?? """{"status":"pending","retry":true}""",
                    "errors as ok" => result ?? "ok",
                    "marked only" => result ?? "Go on with what you know.",
                    "errors as the sibling" => result ?? ended[0].Result,
                    _ => result ?? $"Error: {error}",
                },
                IsError: error is not null && way.StartsWith("marked", StringComparison.Ordinal)
            );
        }
    }

    protected virtual async Task<(string? Result, string? Error)> CallAsync(
        IServiceProvider services,
        Asked call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var tool = services.Tools().First(t => t.Name == call.Name);
            return ($"{await tool.InvokeAsync(new AIFunctionArguments(call.Named), cancellationToken)}", null);
        }
        catch (TimeoutException e)
        {
            return (null, e.Message);
        }
    }
}

/// <summary>Over OpenAI's Chat Completions.</summary>
public class ChatTeller : WireTeller
{
    private readonly ChatClient _model = new("gpt-4o-mini", "no-key");
    private readonly List<OpenAI.Chat.ChatMessage> _messages = [];

    protected override void Say(string text) => _messages.Add(new UserChatMessage(text));

    protected override async Task<IReadOnlyList<Asked>> AskAsync(CancellationToken cancellationToken)
    {
        ChatCompletion answer = await _model.CompleteChatAsync(_messages, cancellationToken: cancellationToken);
        _messages.Add(new AssistantChatMessage(answer));
        return [.. answer.ToolCalls.Select(c => new Asked(c.Id, c.FunctionName, c.FunctionArguments.ToString()))];
    }

    protected override void Tell(IReadOnlyList<ToldCall> told, bool inParts) =>
        _messages.AddRange(
            told.Select(t =>
                inParts
                    ? new ToolChatMessage(t.CallId, [.. Parts.Of(t.Text!).Select(ChatMessageContentPart.CreateTextPart)])
                    : new ToolChatMessage(t.CallId, t.Text)
            )
        );
}

/// <summary>Over OpenAI's Chat Completions, with tools of an MCP server, whose results it tells as they came: lists of blocks.</summary>
public sealed class McpTeller : ChatTeller
{
    private McpClient? _client;

    protected override async Task<(string? Result, string? Error)> CallAsync(
        IServiceProvider services,
        Asked call,
        CancellationToken cancellationToken
    )
    {
        _client ??= await McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = new("http://tools.example/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
            cancellationToken: cancellationToken
        );
        var result = await _client.CallToolAsync(call.Name, call.Named, cancellationToken: cancellationToken);
        var text = JsonSerializer.Serialize(result, McpJsonUtilities.DefaultOptions);
        return result.IsError == true ? (null, text) : (text, null);
    }
}

/// <summary>Over OpenAI's Responses.</summary>
public sealed class ResponsesTeller : WireTeller
{
    private readonly ResponsesClient _model = new("no-key");
    private readonly List<ResponseItem> _items = [];

    protected override void Say(string text) => _items.Add(ResponseItem.CreateUserMessageItem(text));

    protected override async Task<IReadOnlyList<Asked>> AskAsync(CancellationToken cancellationToken)
    {
        ResponseResult answer = await _model.CreateResponseAsync("gpt-4o-mini", _items, cancellationToken: cancellationToken);
        _items.AddRange(answer.OutputItems);
        return
        [
            .. answer
                .OutputItems.OfType<FunctionCallResponseItem>()
                .Select(c => new Asked(c.CallId, c.FunctionName, c.FunctionArguments.ToString())),
        ];
    }

    protected override void Tell(IReadOnlyList<ToldCall> told, bool inParts) =>
        _items.AddRange(told.Select(t => ResponseItem.CreateFunctionCallOutputItem(t.CallId, t.Text!)));
}

/// <summary>Over Anthropic's Messages.</summary>
public sealed class MessagesTeller : WireTeller
{
    private readonly IChatClient _model = new AnthropicClient { ApiKey = "no-key" }.AsIChatClient("claude-sonnet-4-6", 1024);
    private readonly List<Microsoft.Extensions.AI.ChatMessage> _messages = [];

    protected override void Say(string text) => _messages.Add(new(ChatRole.User, text));

    protected override async Task<IReadOnlyList<Asked>> AskAsync(CancellationToken cancellationToken)
    {
        var answer = await _model.GetResponseAsync(_messages, cancellationToken: cancellationToken);
        _messages.AddRange(answer.Messages);
        return
        [
            .. answer
                .Messages.SelectMany(m => m.Contents)
                .OfType<FunctionCallContent>()
                .Select(c => new Asked(c.CallId, c.Name, JsonSerializer.Serialize(c.Arguments))),
        ];
    }

    protected override void Tell(IReadOnlyList<ToldCall> told, bool inParts) =>
        _messages.Add(
            new(
                ChatRole.Tool,
                [
                    .. told.Select(t => new FunctionResultContent(
                        t.CallId,
                        inParts ? Parts.Of(t.Text!).Select(p => (AIContent)new TextContent(p)).ToArray() : t.Text
                    )
                    {
                        Exception = t.IsError ? new InvalidOperationException(t.Text) : null,
                    }),
                ]
            )
        );
}

/// <summary>A text in two parts.</summary>
internal static class Parts
{
    public static string[] Of(string text) => [text[..(text.Length / 2)], text[(text.Length / 2)..]];
}
