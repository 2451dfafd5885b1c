using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>Drivers that <c>new</c> wrote for agents on each framework, untouched: they compile, and what they start is replayed.</summary>
public sealed class NewAgentsTests
{
    private const string Model = "Func<IServiceProvider, IChatClient> model";

    private static readonly Dictionary<string, (string Package, string Version, string Code)> s_agents = new(StringComparer.Ordinal)
    {
        ["meai"] = (
            "Microsoft.Extensions.AI",
            Repo.VersionOf("Microsoft.Extensions.AI"),
            $$"""
            public sealed class Mail(IChatClient chat)
            {
                public Task AskAsync(string question, CancellationToken cancellationToken) =>
                    chat.GetResponseAsync(question, new ChatOptions { Tools = Tools.All }, cancellationToken);
            }
            public static class MailServices
            {
                public static void AddMail(this IServiceCollection services, {{Model}})
                {
                    services.AddChatClient(model).UseFunctionInvocation(configure: f =>
                    {
                        f.AllowConcurrentInvocation = true;
                        f.MaximumConsecutiveErrorsPerRequest = 0;
                    });
                    services.AddSingleton<Mail>();
                }
            }
            """
        ),
        ["maf"] = (
            "Microsoft.Agents.AI",
            Repo.VersionOf("Microsoft.Agents.AI"),
            $$"""
            public static class Agents
            {
                public static void AddMailAgent(this IServiceCollection services, {{Model}})
                {
                    services.AddChatClient(model).UseFunctionInvocation(configure: f =>
                    {
                        f.AllowConcurrentInvocation = true;
                        f.MaximumConsecutiveErrorsPerRequest = 0;
                    });
                    services.AddSingleton<AIAgent>(s => new ChatClientAgent(s.GetRequiredService<IChatClient>(), tools: Tools.All));
                }
            }
            """
        ),
        ["maf-stand-in"] = ("Microsoft.Agents.AI", Repo.VersionOf("Microsoft.Agents.AI"), ""),
        ["sk-stand-in"] = ("Microsoft.SemanticKernel.Core", "1.82.0", ""),
    };

    private TempFolder _folder = null!;

    [OneTimeSetUp]
    public async Task Build()
    {
        _folder = new();
        foreach (var (name, agent) in s_agents)
        {
            WriteAgent(name, agent);
            string[] command = ["--agent", Path.Combine(_folder.Path, "Replays"), "--project", Path.Combine(_folder.Path, name)];
            var made = await Tool.RunAsync(["new", name, "--from", Data.DriveTimeout, "--trace", "019e6b59", .. command]);
            Assert.That(made.ExitCode, Is.Zero, made.Errors);
        }
        var watched = await Tool.RunInAsync(_folder.Path, "watch", Data.DriveTimeout, "--out", "watched", "--once", "--agent", "Replays");
        Assert.That(watched.ExitCode, Is.Zero, watched.Errors);
        // As it was written but for the packages, which are not published.
        _folder.Write("Replays/Replays.csproj", Project(Harness(), [.. s_agents.Keys.Select(name => $"../{name}/{name}.csproj")]));
        foreach (var test in Directory.GetFiles(Path.Combine(_folder.Path, "Replays"), "*Tests.cs", SearchOption.AllDirectories))
            File.Delete(test);
        var (code, text) = Component.Run("dotnet", "build", Path.Combine(_folder.Path, "Replays"), "-v", "q", "--nologo");
        Assert.That(code, Is.Zero, text);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [TestCase("meai", "Meai")]
    [TestCase("maf", "Maf")]
    [TestCase("maf-stand-in", "MafStandIn")]
    public async Task The_first_run_is_reproduced(string incident, string name) =>
        Assert.That(await CapturedAsync(incident, name), Does.Contain("captured@tool    reproduced"));

    [Test]
    public async Task What_watch_wrote_is_reproduced()
    {
        var shape = Path.GetFileName(Directory.GetDirectories(Path.Combine(_folder.Path, "Replays", "fixtures"), "shape-*").Single());
        var name = shape.Replace("shape-", "Shape", StringComparison.Ordinal);
        Assert.That(await CapturedAsync(shape, name), Does.Contain("captured@tool    reproduced"));
    }

    // Semantic Kernel tells the model of every error of a function, so that no run of it dies of one.
    [Test]
    public async Task A_kernel_tells_the_error() =>
        Assert.That(await CapturedAsync("sk-stand-in", "SkStandIn"), Does.Contain("captured@tool    removed"));

    private async Task<string> CapturedAsync(string incident, string name)
    {
        var agent = $"{Path.Combine(_folder.Path, "Replays", "bin", "Debug", "net10.0", "Replays.dll")}:Replays.{name}.Deployed";
        var fixture = Path.Combine(_folder.Path, "Replays", "fixtures", incident);
        var ran = await Tool.RunAsync("run", fixture, "--agent", agent, "--hypothesis", "captured@tool");
        return ran.Output + ran.Errors;
    }

    private void WriteAgent(string name, (string Package, string Version, string Code) agent)
    {
        _folder.Write(
            $"{name}/{name}.csproj",
            Project($"<PackageReference Include=\"{agent.Package}\" Version=\"{agent.Version}\" />", [])
        );
        if (agent.Code.Length == 0)
            return;
        var usings = agent.Code.Contains("AIAgent", StringComparison.Ordinal) ? "using Microsoft.Agents.AI;" : "";
        _folder.Write(
            $"{name}/Agent.cs",
            $$"""
            using Microsoft.Extensions.AI;
            using Microsoft.Extensions.DependencyInjection;
            {{usings}}
            namespace {{name}}.Agents;

            internal static class Tools
            {
                public static IList<AITool> All =>
                [
                    AIFunctionFactory.Create(() => "nothing", "search_drive_markdown"),
                    AIFunctionFactory.Create(() => "nothing", "read_drive_markdown"),
                ];
            }
            {{agent.Code}}
            """
        );
    }

    private static string Project(string packages, string[] projects) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <EnableDynamicLoading>true</EnableDynamicLoading>
              </PropertyGroup>
              <ItemGroup>
                {packages}
                {string.Concat(projects.Select(p => $"<ProjectReference Include=\"{p}\" />"))}
              </ItemGroup>
            </Project>
            """;

    private static string Harness() =>
        string.Concat(
            new[] { "ReplayHarness", "ReplayHarness.Traces" }.Select(name =>
                $"<Reference Include=\"{name}\"><HintPath>{Path.Combine(Data.Root, name)}.dll</HintPath></Reference>"
            )
        )
        + string.Concat(
            new[]
            {
                "Microsoft.Extensions.AI.Abstractions",
                "Microsoft.Extensions.DependencyInjection",
                "Microsoft.Extensions.Http",
            }.Select(name => $"<PackageReference Include=\"{name}\" Version=\"{Repo.VersionOf(name)}\" />")
        );
}
