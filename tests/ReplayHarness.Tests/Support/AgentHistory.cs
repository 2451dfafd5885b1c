namespace ReplayHarness.Tests.Support;

/// <summary>A repository with the history of a small agent, in which the failure of drive-timeout comes and goes.</summary>
internal static class AgentHistory
{
    public const string Told = "catch (TimeoutException e) { return e.Message; }",
        Dies = "finally { }";

    /// <summary>Six commits: 0 told, 1 a comment, 2 what is given, 3 dies, 4 a comment, 5 told again.</summary>
    public static string[] Write(string folder, string second, string project = "Agent")
    {
        Git(folder, "init", "-q", ".");
        Directory.CreateDirectory(Path.Combine(folder, project));
        File.WriteAllText(Path.Combine(folder, ".gitignore"), "bin/\nobj/\n");
        File.WriteAllText(
            Path.Combine(folder, project, "Agent.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><EnableDynamicLoading>true</EnableDynamicLoading></PropertyGroup>
              <ItemGroup>{string.Concat(
                new[]
                {
                    "ReplayHarness",
                    "Microsoft.Extensions.AI.Abstractions",
                    "Microsoft.Extensions.DependencyInjection.Abstractions",
                }.Select(n => $"<Reference Include=\"{n}\" HintPath=\"{Path.Combine(Data.Root, n)}.dll\" />")
            )}</ItemGroup>
            </Project>
            """
        );
        return
        [
            .. new[] { (Told, ""), (Told, "// a comment"), (Told, second), (Dies, ""), (Dies, "// another"), (Told, "// mended") }.Select(
                (c, i) => Commit(folder, project, i, c.Item1, c.Item2)
            ),
        ];
    }

    private static string Commit(string folder, string project, int number, string handling, string more)
    {
        File.WriteAllText(Path.Combine(folder, project, "Agent.cs"), Driver(handling, more));
        Git(folder, "add", "-A");
        Git(folder, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", $"commit {number}");
        return Component.Run("git", "-C", folder, "rev-parse", "HEAD").Output.Trim();
    }

    /// <summary>The driver of an agent that runs a turn's calls at once.</summary>
    /// <param name="handling">What stands behind the try of a tool's call.</param>
    /// <param name="more">Another line.</param>
    public static string Driver(string handling, string more = "") =>
        $$"""
            using Microsoft.Extensions.AI;
            using ReplayHarness.Replays;
            {{more}}
            public sealed class Driver : IReplayDriver
            {
                public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
                {
                    List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
                    for (var turn = 0; turn < 9; turn++)
                    {
                        var answer = await services.ChatClient().GetResponseAsync(messages, null, cancellationToken);
                        messages.AddRange(answer.Messages);
                        var calls = answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToArray();
                        if (calls.Length == 0) return;
                        messages.Add(new(ChatRole.Tool, [.. await Task.WhenAll(calls.Select(async c => (AIContent)new FunctionResultContent(c.CallId, await CallAsync(services, c, cancellationToken))))]));
                    }
                }

                private static async Task<object> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken cancellationToken)
                {
                    try { return await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken); }
                    {{handling}}
                }
            }
            """;

    public static void Git(string folder, params string[] arguments) =>
        Assert.That(Component.Run("git", ["-C", folder, .. arguments]).ExitCode, Is.Zero);
}
