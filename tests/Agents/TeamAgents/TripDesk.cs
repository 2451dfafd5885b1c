using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace TeamAgents;

/// <summary>What the tools of an agency have in common.</summary>
public enum TripBooks
{
    /// <summary>Nothing.</summary>
    Apart,

    /// <summary>A list of what was found.</summary>
    OneList,

    /// <summary>A ticket that the search for a train leaves behind, and that others need.</summary>
    Ticket,

    /// <summary>Two lines: who calls on a third is refused.</summary>
    TwoLines,
}

/// <summary>What a travel agency's model may use.</summary>
public sealed class TripTools(HttpClient http, TripBooks books)
{
    private readonly List<string> _found = [];
    private string? _ticket;
    private int _lines;

    public IReadOnlyList<AIFunction> All =>
        [
            AIFunctionFactory.Create(FindTrainAsync, "find_train"),
            AIFunctionFactory.Create(FindHotelAsync, "find_hotel"),
            AIFunctionFactory.Create(FindWeatherAsync, "find_weather"),
            AIFunctionFactory.Create(Greet, "greet"),
        ];

    [Description("A train to a city.")]
    private async Task<string> FindTrainAsync(string of, CancellationToken cancellationToken)
    {
        var train = await GetAsync($"trains/{of}", cancellationToken);
        if (books == TripBooks.Ticket)
            _ticket = train;
        return Noted(train);
    }

    [Description("A hotel in a city.")]
    private async Task<string> FindHotelAsync(string of, CancellationToken cancellationToken)
    {
        if (books == TripBooks.Ticket && _ticket is null)
            throw new InvalidOperationException("A hotel is found for who has a ticket.");
        return Noted(await GetAsync($"hotels/{of}", cancellationToken));
    }

    [Description("The weather in a city.")]
    private Task<string> FindWeatherAsync(string of, CancellationToken cancellationToken) =>
        GetAsync($"weather/{of}", cancellationToken);

    [Description("Says good day.")]
    private static string Greet(string of) => $"good day, {of}";

    private async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Interlocked.Increment(ref _lines) > 2 && books == TripBooks.TwoLines
                ? throw new InvalidOperationException("All lines are busy.")
                : await http.GetStringAsync(new Uri($"https://trips.example/{path}"), cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _lines);
        }
    }

    private string Noted(string found)
    {
        if (books == TripBooks.OneList)
            _found.Add(found);
        return found;
    }
}

/// <summary>An agent on Microsoft.Extensions.AI, whose calls run one after the other, as they do unless somebody says otherwise.</summary>
public sealed class TripDesk(IChatClient model, TripTools tools)
{
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var chat = model.AsBuilder().UseFunctionInvocation().Build();
        return (await chat.GetResponseAsync(question, new() { Tools = [.. tools.All] }, cancellationToken)).Text;
    }
}

/// <summary>An agent with a loop of its own.</summary>
public sealed class TripLoop(IChatClient model, TripTools tools)
{
    /// <summary>Whether the calls of a turn are started before one is awaited.</summary>
    public bool AtOnce { get; init; }

    public async Task AskAsync(string question, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.User, question)];
        while (true)
        {
            var answer = await model.GetResponseAsync(messages, new() { Tools = [.. tools.All] }, cancellationToken);
            messages.AddRange(answer.Messages);
            var calls = answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToArray();
            if (calls.Length == 0)
                return;
            List<AIContent> results = [];
            if (AtOnce)
                results.AddRange(await Task.WhenAll(calls.Select(c => CallAsync(c, cancellationToken))));
            else
                foreach (var call in calls)
                    results.Add(await CallAsync(call, cancellationToken));
            messages.Add(new(ChatRole.Tool, results));
        }
    }

    private async Task<AIContent> CallAsync(FunctionCallContent call, CancellationToken cancellationToken) =>
        new FunctionResultContent(
            call.CallId,
            await tools.All.First(t => t.Name == call.Name).InvokeAsync(new(call.Arguments), cancellationToken)
        );
}
