using ReplayHarness.Fixtures;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>The driver of an agent whose class, or whose registration, was found.</summary>
internal sealed class FoundDriver(AgentProject project, AgentCode code, Fixture fixture)
{
    private const string What =
        "Starts the agent as its Program does. Its model, its HTTP and its time are the replay's; its tools are caught where they are "
        + "invoked.";
    private const string Extensions = "Microsoft.Extensions.DependencyInjection.Extensions";
    private readonly List<string> _usings = [];
    private readonly List<string> _ofAgent = [];

    /// <summary>The driver of a class.</summary>
    public DriverBody Of(FoundAgent agent)
    {
        var register = Register(agent);
        _ofAgent.Add(agent.Type.Namespace);
        _ofAgent.AddRange(code.Types.Where(t => t.Name == agent.Resolved).Select(t => t.Namespace).Take(1));
        return new(What, _usings, _ofAgent, register, Ask(agent));
    }

    /// <summary>The driver of an <c>AIAgent</c> that the project's Program has in its container.</summary>
    public DriverBody OfContainer()
    {
        var register = Register(null);
        _usings.AddRange(StandIns.AgentUsings);
        return new(What, _usings, _ofAgent, register, StandIns.AskAgent(fixture));
    }

    private List<string> Register(FoundAgent? agent)
    {
        var calls = Registration.Of(code, agent, project.Hosted);
        List<string> lines = ["// As the agent's Program registers it."];
        if (calls.Any(c => c.Assumes))
            lines.Add("// One thing to change: what is new, default or \"none\" here, to the settings of the deployment that failed.");
        foreach (var call in calls)
            _ofAgent.AddRange(call.Namespaces);
        if (calls.Count == 0)
            return [.. lines, "services.AddLogging();", .. Client(agent), .. Itself(agent)];
        if (project.Hosted)
        {
            var web = calls.Any(c => c.OnWeb);
            _usings.AddRange([Extensions, web ? "Microsoft.AspNetCore.Builder" : "Microsoft.Extensions.Hosting"]);
            lines.Add("// Its files are not watched: nothing changes them in a replay.");
            lines.Add(
                $"var builder = {(web ? "WebApplication.CreateBuilder" : "Host.CreateApplicationBuilder")}"
                    + "([\"--hostBuilder:reloadConfigOnChange=false\"]);"
            );
            lines.Add("// What only the deployment's environment or its secrets set: builder.Configuration[\"SECTION:KEY\"] = \"none\";");
            lines.AddRange(calls.Select(c => c.Statement));
            lines.Add("services.Add(builder.Services);");
        }
        else
            lines.AddRange(["services.AddLogging();", .. calls.Select(c => c.Statement)]);
        if (agent is not null && !calls.Any(c => c.Type.Code.Contains(agent.Type.Name, StringComparison.Ordinal)))
            lines.AddRange(Itself(agent));
        return lines;
    }

    private IEnumerable<string> Itself(FoundAgent? agent)
    {
        if (agent is null)
            yield break;
        _usings.Add(Extensions);
        string[] given = [.. (agent.Type.Takes ?? []).Where(p => !p.IsOptional).Select(Registration.Plain).OfType<string>()];
        if (given.Length > 0)
        {
            yield return "// One thing to change: what its constructor takes beside services, to what the failed deployment gave it.";
            yield return $"services.TryAddSingleton<{agent.Resolved}>(s => ActivatorUtilities.CreateInstance<{agent.Type.Name}>("
                + $"s, {string.Join(", ", given)}));";
            yield break;
        }
        yield return agent.Resolved == agent.Type.Name
            ? $"services.TryAddSingleton<{agent.Type.Name}>();"
            : $"services.TryAddSingleton<{agent.Resolved}, {agent.Type.Name}>();";
    }

    // What its constructor takes of the model, where no method registers it.
    private IEnumerable<string> Client(FoundAgent? agent)
    {
        if (code.Text.Contains("UseFunctionInvocation", StringComparison.Ordinal))
        {
            _usings.Add("Microsoft.Extensions.AI");
            yield return "services.AddChatClient(s => s.ChatClient()).UseFunctionInvocation();";
        }
        foreach (var type in (agent?.Type.Takes ?? []).Select(p => AgentFinder.Bare(p.Type)).Distinct(StringComparer.Ordinal))
            switch (type)
            {
                case var _ when ProviderClients.New(type) is { } client:
                    _usings.AddRange(client.Namespaces);
                    yield return $"services.AddSingleton<{type}>({client.Expression});";
                    break;
                case "HttpClient":
                    yield return "services.AddHttpClient();";
                    yield return "services.AddTransient(s => s.GetRequiredService<IHttpClientFactory>().CreateClient());";
                    break;
                case "Kernel":
                    _usings.Add("Microsoft.SemanticKernel");
                    yield return "services.AddKernel();";
                    break;
            }
    }

    private List<string> Ask(FoundAgent agent)
    {
        var several = fixture.Input.Questions is { Count: > 1 };
        var history = fixture.Input.History is { Count: > 0 };
        var takesHistory = agent.Ask.Parameters.Any(AgentFinder.IsHistory);
        List<string> lines =
        [
            "// Your agent's type, and the method that was asked; another is named here.",
            $"var agent = services.GetRequiredService<{agent.Resolved}>();",
        ];
        if (history && !takesHistory)
            lines.Add("// The run went on from input.History: give it to the agent as its store would.");
        if (several)
            lines.Add("foreach (var question in input.Questions)");
        var call = $"agent.{agent.Ask.Name}({Given(agent.Ask, several ? "question" : "input.Text")})";
        var indent = several ? "    " : "";
        if (AgentFinder.Streams(agent.Ask))
            lines.AddRange([$"{indent}await foreach (var _ in {call})", $"{indent}{{", $"{indent}}}"]);
        else
            lines.Add($"{indent}await {call};");
        return lines;
    }

    private static string Given(CodeMethod ask, string question)
    {
        List<string> given = [];
        var skipped = false;
        foreach (var parameter in ask.Parameters)
        {
            var value = AgentFinder.Bare(parameter.Type) switch
            {
                "CancellationToken" => "cancellationToken",
                "string" or "String" when !parameter.IsOptional => question,
                _ when AgentFinder.IsHistory(parameter) => "[.. input.History]",
                _ => null,
            };
            if (value is not null)
                given.Add(skipped ? $"{parameter.Name}: {value}" : value);
            skipped |= value is null;
        }
        return string.Join(", ", given);
    }
}
