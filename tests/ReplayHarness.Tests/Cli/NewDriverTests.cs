using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>What <c>new</c> reads of an agent's project, and the driver that it writes; nothing is built here.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NewDriverTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void New() => _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task A_class_is_started_as_it_is_registered()
    {
        Project("Microsoft.Extensions.AI", "Microsoft.Extensions.Hosting");
        _folder.Write(
            "Agent/Desk.cs",
            """
            namespace Shop.Desks;
            // public sealed class Commented(IChatClient chat) { public Task AskAsync(string question) { } }
            public record DeskOptions { public string Text { get; init; } = $"{"public class Quoted(IChatClient c) { "}"; }
            public interface IOrderDesk { Task<string> AskAsync(string question, CancellationToken cancellationToken); }
            public sealed class OrderDesk(IChatClient chat) : IOrderDesk
            {
                private const string Raw = \"\"\"
                    public class Raw(IChatClient c) { public Task AskAsync(string q) { } }
                    \"\"\";
                public sealed class Nested(IChatClient chat) { public Task AskAsync(string question) => Task.CompletedTask; }
                public void Configure(string name) { }
                public static Task StartAsync(string name) => Task.CompletedTask;
                public async Task<IReadOnlyList<string>> AskAsync(string question, int most = 3, CancellationToken cancellationToken = default) => [];
            }
            internal sealed class Hidden(IChatClient chat) { public Task AskAsync(string question) => Task.CompletedTask; }
            public abstract class Base(IChatClient chat) { public Task AskAsync(string question) => Task.CompletedTask; }
            """.Replace("\\\"", "\"", StringComparison.Ordinal)
        );
        _folder.Write(
            "Agent/Services.cs",
            """
            namespace Shop
            {
                public static class Services
                {
                    public static IServiceCollection AddOrderDesk(this IServiceCollection services, Shop.Desks.DeskOptions options, bool fast, Action<int>? more = null)
                        => services.AddSingleton<IOrderDesk, OrderDesk>();
                }
            }
            """
        );
        var (output, driver) = await NewAsync();
        Assert.That(output, Does.Contain("the driver starts Shop.Desks.OrderDesk.AskAsync\n"));
        Assert.That(driver, Does.Contain("using global::Shop;\nusing global::Shop.Desks;\n"));
        Assert.That(driver, Does.Contain("builder.Services.AddOrderDesk(new DeskOptions(), fast: default);\n"));
        Assert.That(driver, Does.Contain("One thing to change: what is new, default or \"none\" here"));
        Assert.That(driver, Does.Contain("services.GetRequiredService<IOrderDesk>();\n"));
        Assert.That(driver, Does.Contain("await agent.AskAsync(input.Text, cancellationToken: cancellationToken);\n"));
        Assert.That(
            await File.ReadAllTextAsync(Path.Combine(_folder.Path, "Replays", "Replays.csproj")),
            Does.Contain("<ProjectReference Include=\"../Agent/Agent.csproj\" />")
        );
    }

    [Test]
    public async Task A_web_application_is_built_as_its_Program_builds_it()
    {
        _folder.Write(
            "Agent/Agent.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><ItemGroup><PackageReference Include=\"Microsoft.Extensions.AI\" /></ItemGroup>"
                + "</Project>"
        );
        _folder.Write(
            "Agent/Desk.cs",
            """
            namespace Shop;
            public sealed class Desk(IChatClient chat) { public Task AskAsync(string question) => Task.CompletedTask; }
            public static class Services { public static void AddDesk(this WebApplicationBuilder builder) => builder.Services.AddScoped<Desk>(); }
            """
        );
        var (_, driver) = await NewAsync();
        Assert.That(driver, Does.Contain("using Microsoft.AspNetCore.Builder;\n"));
        Assert.That(driver, Does.Contain("var builder = WebApplication.CreateBuilder(["));
        Assert.That(driver, Does.Contain("secrets set: builder.Configuration[\"SECTION:KEY\"] = \"none\";\n        builder.AddDesk();\n"));
    }

    [Test]
    public async Task What_a_registration_takes_is_given_as_far_as_it_can_be_guessed()
    {
        Project("Microsoft.SemanticKernel");
        _folder.Write(
            "Agent/Desk.cs",
            """
            namespace Shop;
            public sealed class Desk(Kernel kernel) { public Task AskAsync(string question) => Task.CompletedTask; }
            public static class Services
            {
                public static void AddDesk(this IServiceCollection services, OpenAIClient model, Uri harbour, string apiKey, TimeProvider time)
                    => services.AddSingleton<Desk>();
            }
            """
        );
        var (_, driver) = await NewAsync();
        Assert.That(driver, Does.Contain("using global::OpenAI;\n").And.Contain("using global::System.ClientModel;\n"));
        Assert.That(
            driver,
            Does.Contain(
                "services.AddDesk(new OpenAIClient(new ApiKeyCredential(\"none\")), new Uri(\"https://harbour.example/\"), "
                    + "apiKey: \"none\", time: TimeProvider.System);\n"
            )
        );
    }

    // A container has no bool and no text.
    [Test]
    public async Task What_a_constructor_takes_beside_services_is_given()
    {
        Project("OpenAI");
        _folder.Write(
            "Agent/Desk.cs",
            """
            namespace Shop;
            public sealed class Desk(ChatClient model, IReadOnlyList<AIFunction> tools, bool survives, string @event, Uri shop, bool streams = false)
            { public Task AskAsync(string question) => Task.CompletedTask; }
            """
        );
        var (_, driver) = await NewAsync();
        Assert.That(driver, Does.Contain("// One thing to change: what its constructor takes beside services"));
        Assert.That(
            driver,
            Does.Contain(
                "services.TryAddSingleton<Desk>(s => ActivatorUtilities.CreateInstance<Desk>(s, default(bool) /* survives */, "
                    + "\"none\" /* event */, new Uri(\"https://shop.example/\") /* shop */));\n"
            )
        );
    }

    [TestCase("Microsoft.Extensions.AI", ".UseFunctionInvocation(configure: f =>")]
    [TestCase("Microsoft.Agents.AI.OpenAI", "await agent.RunAsync(input.Text, session, cancellationToken: cancellationToken);")]
    [TestCase("Microsoft.SemanticKernel", "services.GetRequiredService<Kernel>();")]
    [TestCase("OpenAI", "services.GetRequiredService<IReadOnlyList<AIFunction>>();")]
    [TestCase("Microsoft.Agents.AI.Abstractions", "services.GetRequiredService<IReadOnlyList<AIFunction>>();")]
    public async Task The_loop_of_the_framework_stands_in_where_no_class_is_found(string package, string says)
    {
        Project(package);
        var (output, driver) = await NewAsync();
        Assert.That(output, Does.Contain("a loop stands in for the agent; name it in its driver\n"));
        Assert.That(driver, Does.Contain(says));
    }

    [Test]
    public async Task Of_several_classes_one_is_named()
    {
        Project("Microsoft.Extensions.AI");
        _folder.Write(
            "Agent/Desks.cs",
            """
            public sealed class A(IChatClient chat) { public Task AskAsync(string question) => Task.CompletedTask; }
            public sealed class B(IChatClient chat)
            {
                public Task AskAsync(string question) => Task.CompletedTask;
                public IAsyncEnumerable<string> StreamAsync(string question, CancellationToken cancellationToken) => null!;
            }
            """
        );
        Assert.That((await NewAsync()).Output, Does.Contain("or write it anew with --start: A, B\n"));
        var (output, driver) = await NewAsync("again", "--start", "B.StreamAsync");
        Assert.That(output, Does.Contain("the driver starts B.StreamAsync\n"));
        Assert.That(driver, Does.Contain("services.TryAddSingleton<B>();"));
        Assert.That(driver, Does.Contain("await foreach (var _ in agent.StreamAsync(input.Text, cancellationToken))"));
        Assert.That(await FailAsync("--project", Agent, "--start", "C"), Does.Contain("C: expected a public class of the agent's project"));
        Assert.That(await FailAsync("--project", Agent + "s"), Does.Contain("there is no project here"));
        Assert.That(await FailAsync("--start", "C"), Does.Contain("--start C: which project is the agent's? Add --project PATH"));
    }

    // A project that is there is its owner's: what it lacks is told.
    [Test]
    public async Task A_test_project_that_is_there_is_left_as_it_is()
    {
        Project("Microsoft.Agents.AI");
        var tests = _folder.Write("Replays/Replays.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        var (output, _) = await NewAsync();
        Assert.That(output, Does.Contain($"next: dotnet add {Path.GetDirectoryName(tests)} reference {Agent}\n"));
        await File.WriteAllTextAsync(
            tests,
            "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><ProjectReference Include=\"..\\Agent\\Agent.csproj\" /></ItemGroup></Project>"
        );
        Assert.That((await NewAsync("again")).Output, Does.Not.Contain("dotnet add"));
        // What it refers to need not be named.
        var found = await Tool.RunAsync(
            "new",
            "third",
            "--from",
            Data.DriveTimeout,
            "--trace",
            "019e6b59",
            "--agent",
            Path.GetDirectoryName(tests)!
        );
        Assert.That(found.ExitCode, Is.Zero, found.Errors);
        Assert.That(
            found.Output,
            Does.Contain("a loop stands in for the agent").And.Contain("next: dotnet test").And.Not.Contain("dotnet add")
        );
    }

    [Test]
    public async Task A_project_file_that_names_others_is_refused()
    {
        _folder.Write("Agent/Agent.csproj", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Project>&e;</Project>");
        Assert.That(await FailAsync("--project", Agent), Does.Contain("is no project: For security reasons DTD is prohibited"));
    }

    private string Agent => Path.Combine(_folder.Path, "Agent");

    private void Project(params string[] packages) =>
        _folder.Write(
            "Agent/Agent.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>"
                + $"<PackageReference Include=\"{string.Join(';', packages)}\" /></ItemGroup></Project>"
        );

    private async Task<(string Output, string Driver)> NewAsync(string incident = "incident", params string[] more)
    {
        var project = Path.Combine(_folder.Path, "Replays");
        string[] command =
        [
            "new",
            incident,
            "--from",
            Data.DriveTimeout,
            "--trace",
            "019e6b59",
            "--agent",
            project,
            "--project",
            Agent,
            .. more,
        ];
        var result = await Tool.RunAsync(command);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return (result.Output, await File.ReadAllTextAsync(Path.Combine(project, incident, "Deployed.cs")));
    }

    private async Task<string> FailAsync(params string[] more)
    {
        var project = Path.Combine(_folder.Path, "Failing");
        var result = await Tool.RunAsync([
            "new",
            "failing",
            "--from",
            Data.DriveTimeout,
            "--trace",
            "019e6b59",
            "--agent",
            project,
            .. more,
        ]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(Directory.Exists(project), Is.False, "nothing is written");
        return result.Errors;
    }
}
