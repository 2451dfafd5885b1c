using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Reports.Page;

/// <summary>What calls said, cut where it is long, and each message once.</summary>
internal sealed class PageContent
{
    private const int MostText = 20_000,
        MostField = 2_000;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<PageMessage> _messages = [];

    /// <summary>Every message, in order of its first use.</summary>
    public IReadOnlyList<PageMessage> Messages => _messages;

    public PageModelCall Of(ModelCall call) =>
        new(
            call.Model,
            call.FinishReason,
            call.InputTokens,
            call.OutputTokens,
            call.Attempts.Count,
            Places(call.Input),
            Places(call.Output)
        );

    public static PageToolCall Of(ToolCall call) => new(call.Name, call.CallId, Cut(call.Arguments, MostText), Cut(call.Result, MostText));

    /// <summary>What else a span carries: attributes, then events.</summary>
    public static IReadOnlyList<PageField> FieldsOf(Span span) =>
        [
            .. span.Attributes.Select(a => new PageField(a.Key, Value(a.Value))),
            .. span.Events.SelectMany(e => e.Attributes.Select(a => new PageField($"{e.Name} · {a.Key}", Value(a.Value)))),
        ];

    private static string Value(object? value) => Cut(value as string ?? Json.Canonical(value), MostField)!;

    private int[]? Places(IReadOnlyList<Message>? messages) => messages?.Select(Place).ToArray();

    private int Place(Message message)
    {
        var page = new PageMessage(message.Role, [.. message.Parts.Select(Of)]);
        var key = string.Join('\u0001', page.Parts.Select(p => $"{p.Kind}\u0002{p.Name}\u0002{p.Text}").Prepend(page.Role));
        if (_places.TryGetValue(key, out var place))
            return place;
        _messages.Add(page);
        return _places[key] = _messages.Count - 1;
    }

    private static PagePart Of(MessagePart part) =>
        part switch
        {
            ToolCallPart call => new("call", call.Name, Cut(call.Arguments, MostText)!),
            ToolResultPart result => new(result.IsError ? "error" : "result", result.CallId, Cut(result.Result, MostText)!),
            TextPart text => new("text", null, Cut(text.Content, MostText)!),
            _ => new("text", null, ""),
        };

    private static string? Cut(string? text, int most)
    {
        if (text is null || text.Length <= most)
            return text;
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}… ({text.Length - end} more characters)");
    }
}
