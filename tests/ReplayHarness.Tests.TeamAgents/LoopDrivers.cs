using Microsoft.Extensions.AI;
using ReplayHarness.Replays;
using TeamAgents;

namespace ReplayHarness.Tests.TeamAgents;

/// <summary>A loop of the team's own, that finds the function by the name that the model gave, or calls the method itself.</summary>
public abstract class BookLoop(bool byFunction) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var catalogue = new CatalogueSession(new HttpClient(), queued: true);
        var function = AIFunctionFactory.Create((string title, CancellationToken token) => catalogue.FindAsync(title, token), "find_book");
        List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
        while (true)
        {
            var options = new ChatOptions { Tools = [function] };
            var answer = await ProgramDriver.Gpt().GetResponseAsync(messages, options, cancellationToken);
            messages.AddRange(answer.Messages);
            var calls = answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToArray();
            if (calls.Length == 0)
                return;
            var results = await Task.WhenAll(calls.Select(CallAsync));
            messages.Add(new(ChatRole.Tool, results));
        }

        async Task<AIContent> CallAsync(FunctionCallContent call) =>
            new FunctionResultContent(
                call.CallId,
                byFunction
                    ? await function.InvokeAsync(new(call.Arguments), cancellationToken)
                    : await catalogue.FindAsync($"{call.Arguments!["title"]}", cancellationToken)
            );
    }
}

public sealed class BookLoopOverFunctions() : BookLoop(byFunction: true);

public sealed class BookLoopOverMethods() : BookLoop(byFunction: false);
