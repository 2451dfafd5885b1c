using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Repository;

/// <summary>
/// The agents of docs/frameworks.md, word for word, each in an empty folder, with the packages alone, and with a trace that its framework
/// wrote: the two commands make a test that fails as the trace did.
/// </summary>
[Platform(Include = "Linux", Reason = "the commands are a shell's")]
public sealed class FreshFrameworksTests
{
    [TestCase(
        "Microsoft.Extensions.AI",
        "garden",
        "captured@tool",
        new[] { "Microsoft.Extensions.AI" },
        new[] { "Microsoft.Extensions.AI" }
    )]
    [TestCase(
        "Microsoft Agent Framework",
        "gallery",
        "captured@tool",
        new[] { "Microsoft.Agents.AI" },
        new[] { "Microsoft.Agents.AI", "Microsoft.Extensions.AI" }
    )]
    [TestCase(
        "Semantic Kernel",
        "ferry",
        // Its kernel tells the model of every error, so that nothing dies of the captured one.
        "healthy@http",
        // Semantic Kernel asks for a client of OpenAI that is older than what its own packages ask for.
        new[] { "Microsoft.SemanticKernel", "OpenAI" },
        new[] { "Microsoft.SemanticKernel", "Microsoft.SemanticKernel.ChatCompletion", "Microsoft.SemanticKernel.Connectors.OpenAI" }
    )]
    public void From_the_trace_to_a_failing_test(string framework, string trace, string hypothesis, string[] packages, string[] usings)
    {
        using var solution = new FreshSolution();
        solution.Write("traces.jsonl", File.ReadAllText(Data.Path($"teams/{trace}.jsonl")));
        solution.Write("healthy.jsonl", File.ReadAllText(Data.Path($"teams/{trace}-healthy.jsonl")));
        solution.Write("Agent/Agent.csproj", Project(packages, usings));
        solution.Write("Agent/Desk.cs", FreshSolution.Blocks("docs/frameworks.md", framework, "csharp").Single());
        var commands = FreshSolution.Blocks("docs/frameworks.md", framework, "sh").Single().Split('\n');
        var made = solution.Shell(commands[0].Replace("replay-harness", Tool(), StringComparison.Ordinal));
        Assert.That((made.ExitCode, made.Output), Is.EqualTo((0, made.Output)));
        Assert.That(made.Output, Does.Contain("the driver starts ").And.Not.Contain("stands in"));
        var failing = solution.Shell(commands[1]);
        Assert.That(failing.ExitCode, Is.Not.Zero);
        Assert.That(
            failing.Output,
            Does.Contain($"{hypothesis, -16} reproduced")
                .And.Contain("healthy@http     reproduced")
                .And.Contain("rerun: dotnet test --project ")
        );
    }

    private static string Tool() => $"dotnet exec '{Path.Combine(Data.Root, "replay-harness.dll")}'";

    private static string Project(string[] packages, string[] usings) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(
                packages
                    .Append("Microsoft.Extensions.Http")
                    .Select(p => $"<PackageReference Include=\"{p}\" Version=\"{Repo.VersionOf(p)}\" />")
            )}
                {string.Concat(usings.Append("Microsoft.Extensions.DependencyInjection").Select(u => $"<Using Include=\"{u}\" />"))}
              </ItemGroup>
            </Project>
            """;
}
