using ReplayHarness.Fixtures;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>
/// What stands in for an agent whose class is not known, so that the test runs at once: the loop of its framework, over the captured tools.
/// </summary>
internal static class StandIns
{
    private const string What =
        "Starts the agent as its Program does. What is registered here stands in for it, so that the test runs at once: the loop of "
        + "its framework,\n"
        + "/// over the captured tools. Its model, its HTTP and its time are the replay's; your agent's own tools are caught where they "
        + "are invoked.";
    private const string Change = "// The one thing to change: register your agent here as its Program does, instead of what follows.";

    /// <summary>The loop of a framework; null where only one without a framework can stand in.</summary>
    public static DriverBody? Of(AgentFramework framework, Fixture fixture) =>
        framework switch
        {
            AgentFramework.ExtensionsAi => ExtensionsAi(fixture),
            AgentFramework.AgentFramework => Agents(fixture),
            AgentFramework.SemanticKernel => Kernel(fixture),
            _ => null,
        };

    private static DriverBody ExtensionsAi(Fixture fixture) =>
        new(
            What,
            ["Microsoft.Extensions.AI"],
            [],
            [Change, "services.AddLogging();", .. Model(fixture)],
            [
                "// And its type here, with the method that was asked, for example",
                "// await services.GetRequiredService<YourAgent>().AskAsync(input.Text, cancellationToken);",
                "var chat = services.GetRequiredService<IChatClient>();",
                "var options = new ChatOptions { Tools = [.. services.Tools()] };",
                "List<ChatMessage> messages = [.. input.History];",
                "foreach (var question in input.Questions)",
                "{",
                "    messages.Add(new(ChatRole.User, question));",
                "    messages.AddRange((await chat.GetResponseAsync(messages, options, cancellationToken)).Messages);",
                "}",
            ]
        );

    private static DriverBody Agents(Fixture fixture) =>
        new(
            What,
            AgentUsings,
            [],
            [
                Change,
                "services.AddLogging();",
                .. Model(fixture),
                "services.AddSingleton<AIAgent>(s => new ChatClientAgent(s.GetRequiredService<IChatClient>(), tools: [.. s.Tools()]));",
            ],
            AskAgent(fixture)
        );

    /// <summary>The namespaces that <see cref="AskAgent"/> needs.</summary>
    public static string[] AgentUsings => ["Microsoft.Agents.AI", "Microsoft.Extensions.AI"];

    /// <summary>Asks the agent of a container, in one session.</summary>
    public static IReadOnlyList<string> AskAgent(Fixture fixture)
    {
        var history = fixture.Input.History is { Count: > 0 };
        var several = fixture.Input.Questions is { Count: > 1 };
        string[] first =
        [
            "await agent.RunAsync([.. input.History, new(ChatRole.User, input.Text)], session, cancellationToken: cancellationToken);",
        ];
        string[] each =
        [
            $"foreach (var question in input.Questions{(history ? ".Skip(1)" : "")})",
            "    await agent.RunAsync(question, session, cancellationToken: cancellationToken);",
        ];
        return
        [
            "var agent = services.GetRequiredService<AIAgent>();",
            "var session = await agent.CreateSessionAsync(cancellationToken);",
            .. history ? first : [],
            .. several ? each
            : history ? []
            : ["await agent.RunAsync(input.Text, session, cancellationToken: cancellationToken);"],
        ];
    }

    private static DriverBody Kernel(Fixture fixture) =>
        new(
            What,
            ["Microsoft.Extensions.AI", "Microsoft.SemanticKernel", "Microsoft.SemanticKernel.ChatCompletion"],
            [],
            [
                Change,
                "services.AddLogging();",
                "services.AddChatClient(s => s.ChatClient()).UseKernelFunctionInvocation();",
                "#pragma warning disable SKEXP0001 // Made for a client of Microsoft.Extensions.AI, which stands in here.",
                "services.AddSingleton(s => s.GetRequiredService<IChatClient>().AsChatCompletionService(s));",
                "services.AddTransient(s =>",
                "{",
                "    var kernel = new Kernel(s);",
                "    kernel.Plugins.AddFromFunctions(\"Captured\", s.Tools().Select(t => t.AsKernelFunction()));",
                "    return kernel;",
                "});",
                "#pragma warning restore SKEXP0001",
            ],
            [
                "// And its type here, with the method that was asked, for example",
                "// await services.GetRequiredService<YourAgent>().AskAsync(input.Text, cancellationToken);",
                "var kernel = services.GetRequiredService<Kernel>();",
                "var chat = kernel.GetRequiredService<IChatCompletionService>();",
                "var behaviour = FunctionChoiceBehavior.Auto(options: new() { AllowConcurrentInvocation = true });",
                "var settings = new PromptExecutionSettings { FunctionChoiceBehavior = behaviour };",
                "var history = new ChatHistory();",
                "foreach (var said in input.History)",
                "    history.AddMessage(new AuthorRole(said.Role.Value), said.Text);",
                "foreach (var question in input.Questions)",
                "{",
                "    history.AddUserMessage(question);",
                "    history.AddRange(await chat.GetChatMessageContentsAsync(history, settings, kernel, cancellationToken));",
                "}",
            ]
        );

    // As the trace shows it: where a tool's error ended the run, it is not told to the model.
    private static IEnumerable<string> Model(Fixture fixture) =>
        [
            "services.AddChatClient(s => s.ChatClient()).UseFunctionInvocation(configure: f =>",
            "{",
            "    f.AllowConcurrentInvocation = true;",
            .. fixture.Shape.Identity.Any(i => i.Rule == "unhandled-tool-error")
                ? new[] { "    f.MaximumConsecutiveErrorsPerRequest = 0;" }
                : [],
            "});",
        ];
}
