using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>The agent that a driver starts: a class, and its method that takes a question.</summary>
/// <param name="Type">The class.</param>
/// <param name="Ask">The method.</param>
/// <param name="Resolved">The type that the agent's container knows it by.</param>
internal sealed record FoundAgent(CodeType Type, CodeMethod Ask, string Resolved);

/// <summary>Finds the class that is asked, and what registers its services.</summary>
internal static partial class AgentFinder
{
    private static readonly string[] s_lists = ["IEnumerable", "IReadOnlyList", "IReadOnlyCollection", "IList", "ICollection", "List"];

    /// <summary>The agents that a project may have, by the framework of the run where several are told apart by it.</summary>
    public static IReadOnlyList<FoundAgent> All(AgentCode code, AgentFramework framework, bool withHistory)
    {
        FoundAgent[] all = [.. code.Types.Where(t => IsAgent(t)).Select(t => Found(code, t, null, withHistory)).OfType<FoundAgent>()];
        FoundAgent[] ofIt = [.. all.Where(a => FrameworkOf(a.Type) == framework)];
        return ofIt.Length > 0 || framework is AgentFramework.None
            ? (ofIt.Length > 0 ? ofIt : all)
            : [.. all.Where(a => FrameworkOf(a.Type) is AgentFramework.None)];
    }

    /// <summary>The agent that is named: a type, or a type and its method.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static FoundAgent Named(AgentCode code, string name, bool withHistory)
    {
        foreach (var type in code.Types.Where(t => t.IsMade))
        {
            if (Is(type, name) && Found(code, type, null, withHistory) is { } agent)
                return agent;
            if (
                name.LastIndexOf('.') is > 0 and var dot
                && Is(type, name[..dot])
                && Found(code, type, name[(dot + 1)..], withHistory) is { } asked
            )
                return asked;
        }
        throw new BadInputException(
            $"{name}: expected a public class of the agent's project with a public method that takes a question (string) and returns a "
                + "Task or an IAsyncEnumerable"
        );
    }

    /// <summary>The methods that add the agent's services: those that are named after it, else those that are called.</summary>
    public static IReadOnlyList<(CodeType Type, CodeMethod Method)> Registrations(AgentCode code, FoundAgent? agent)
    {
        var all = code.Types.SelectMany(t => t.Methods.Where(m => m.IsStatic && Receives(m)).Select(m => (Type: t, Method: m))).ToArray();
        var named = all.Where(r =>
                agent is not null && (r.Type == agent.Type || r.Method.Name.Contains(agent.Type.Name, StringComparison.Ordinal))
            )
            .ToArray();
        return named.Length > 0 ? named
            : all.Length == 1 ? all
            : [.. all.Where(r => Regex.Count(code.Text, $@"\b{r.Method.Name}\s*\(") > 1)];
    }

    /// <summary>Whether an <c>AIAgent</c> is put into a container under its own type.</summary>
    public static bool RegistersAgent(AgentCode code) => AgentInContainer().IsMatch(code.Text);

    /// <summary>Whether a parameter takes what was said before.</summary>
    public static bool IsHistory(CodeParameter parameter) => s_lists.Any(l => Bare(parameter.Type) == $"{l}<ChatMessage>");

    /// <summary>Whether a method answers piece by piece.</summary>
    public static bool Streams(CodeMethod method) => Bare(method.Returns).StartsWith("IAsyncEnumerable<", StringComparison.Ordinal);

    /// <summary>A type without its namespace and without a mark for null.</summary>
    public static string Bare(string type) => Qualifier().Replace(type, "").TrimEnd('?').Replace(" ", "", StringComparison.Ordinal);

    private static bool Is(CodeType type, string name) => type.Name == name || type.FullName == name;

    private static bool Receives(CodeMethod method) =>
        method.Parameters is [var first, ..]
        && Bare(first.Type) is "IServiceCollection" or "IHostApplicationBuilder" or "HostApplicationBuilder" or "WebApplicationBuilder";

    private static bool IsAgent(CodeType type) =>
        type.IsMade && (FrameworkOf(type) is not AgentFramework.None || ProviderClient().IsMatch(type.Code));

    private static AgentFramework FrameworkOf(CodeType type) =>
        AgentFrameworkName().IsMatch(type.Code) ? AgentFramework.AgentFramework
        : KernelName().IsMatch(type.Code) ? AgentFramework.SemanticKernel
        : ChatClientName().IsMatch(type.Code) ? AgentFramework.ExtensionsAi
        : AgentFramework.None;

    private static FoundAgent? Found(AgentCode code, CodeType type, string? method, bool withHistory)
    {
        var asks = type.Methods.Where(m => Asks(m) && (method is null || m.Name == method)).ToArray();
        if (asks.Length == 0)
            return null;
        var ask =
            asks.FirstOrDefault(m => m.Parameters.Any(IsHistory) == withHistory)
            ?? asks.FirstOrDefault(m => !m.Parameters.Any(IsHistory))
            ?? asks[0];
        var registered = Regex.Match(code.Text, $@"\bAdd\w*<(?:(?<as>[A-Za-z_]\w*)\s*,\s*)?{Regex.Escape(type.Name)}>\s*\(");
        return new(type, ask, registered.Groups["as"].Success ? registered.Groups["as"].Value : type.Name);
    }

    // A question; everything else that has to be given is known.
    private static bool Asks(CodeMethod method) =>
        !method.IsStatic
        && (
            Streams(method)
            || Bare(method.Returns) is var r
                && (
                    r is "Task" or "ValueTask"
                    || r.StartsWith("Task<", StringComparison.Ordinal)
                    || r.StartsWith("ValueTask<", StringComparison.Ordinal)
                )
        )
        && method.Parameters.Count(p => Bare(p.Type) is "string" or "String" && !p.IsOptional) == 1
        && method.Parameters.All(p => p.IsOptional || Bare(p.Type) is "string" or "String" or "CancellationToken" || IsHistory(p));

    [GeneratedRegex(@"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")]
    private static partial Regex Qualifier();

    [GeneratedRegex(@"\b(?:AIAgent|ChatClientAgent|AsAIAgent|CreateAIAgent|AgentWorkflowBuilder|WorkflowBuilder)\b")]
    private static partial Regex AgentFrameworkName();

    [GeneratedRegex(@"\b(?:Kernel|IChatCompletionService|ChatCompletionAgent)\b")]
    private static partial Regex KernelName();

    [GeneratedRegex(@"\bAdd(?:Singleton|Scoped|Transient)<AIAgent>")]
    private static partial Regex AgentInContainer();

    [GeneratedRegex(@"\bIChatClient\b")]
    private static partial Regex ChatClientName();

    [GeneratedRegex(@"\b(?:ChatClient|ResponsesClient|OpenAIResponseClient|OpenAIClient|AzureOpenAIClient|I?AnthropicClient)\b")]
    private static partial Regex ProviderClient();
}
