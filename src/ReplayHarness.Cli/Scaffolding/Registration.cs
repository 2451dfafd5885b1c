namespace ReplayHarness.Cli.Scaffolding;

/// <summary>A call that adds the agent's services, as a driver writes it.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Namespaces">The namespaces that it needs.</param>
/// <param name="Type">The class that has it.</param>
/// <param name="Assumes">Whether a setting is assumed that only the agent's Program knows.</param>
/// <param name="OnWeb">Whether it is called on the builder of a web application.</param>
internal sealed record Registration(string Statement, IReadOnlyList<string> Namespaces, CodeType Type, bool Assumes, bool OnWeb)
{
    // Most settings that are text may not be empty; this one is seen at once where it matters.
    private const string Nothing = "\"none\"";
    private static readonly string[] s_plain = ["bool", "int", "long", "double", "TimeSpan"];

    /// <summary>The calls that a project's Program would make, as far as what they take is known.</summary>
    public static IReadOnlyList<Registration> Of(AgentCode code, FoundAgent? agent, bool hosted) =>
        [
            .. from registration in AgentFinder.Registrations(code, agent)
            let call = Call(code, registration.Type, registration.Method, hosted)
            where call is not null
            group call by $"{registration.Type.FullName}.{registration.Method.Name}" into overloads
            select overloads.First(),
        ];

    /// <summary>A value that no container has, as an argument with the parameter's name beside it; null for what a container has.</summary>
    public static string? Plain(CodeParameter parameter)
    {
        var type = AgentFinder.Bare(parameter.Type);
        var value =
            s_plain.Contains(type, StringComparer.Ordinal) ? $"default({type})"
            : type is "string" or "String" ? Nothing
            : type is "Uri" ? "new Uri(\"https://" + Host(parameter) + "/\")"
            : null;
        return value is null ? null : $"{value} /* {parameter.Name.TrimStart('@')} */";
    }

    private static string Host(CodeParameter parameter) => $"{parameter.Name.TrimStart('@').ToLowerInvariant()}.example";

    private static Registration? Call(AgentCode code, CodeType type, CodeMethod method, bool hosted)
    {
        var on = AgentFinder.Bare(method.Parameters[0].Type);
        var onBuilder = on is not "IServiceCollection";
        if (onBuilder && !hosted)
            return null;
        List<string> namespaces = [type.Namespace];
        List<string> given = [];
        var skipped = false;
        foreach (var parameter in method.Parameters.Skip(1))
        {
            if (parameter.IsOptional)
            {
                skipped = true;
                continue;
            }
            if (Argument(code, parameter, hosted, namespaces) is not { } argument)
                return null;
            // A value that nobody can guess is named, so that it is seen.
            var guessed = argument is "default" or Nothing;
            given.Add(skipped || guessed ? $"{parameter.Name}: {argument}" : argument);
            skipped |= guessed;
        }
        var receiver =
            onBuilder ? "builder"
            : hosted ? "builder.Services"
            : "services";
        var statement = method.Parameters[0].IsReceiver
            ? $"{receiver}.{method.Name}({string.Join(", ", given)});"
            : $"{type.Name}.{method.Name}({string.Join(", ", given.Prepend(receiver))});";
        return new(
            statement,
            namespaces,
            type,
            given.Any(g =>
                g.Contains("new ", StringComparison.Ordinal)
                || g.EndsWith("default", StringComparison.Ordinal)
                || g.EndsWith(Nothing, StringComparison.Ordinal)
            ),
            on is "WebApplicationBuilder"
        );
    }

    private static string? Argument(AgentCode code, CodeParameter parameter, bool hosted, List<string> namespaces)
    {
        var type = AgentFinder.Bare(parameter.Type);
        if (s_plain.Contains(type, StringComparer.Ordinal))
            return "default";
        if (type.StartsWith("Action<", StringComparison.Ordinal))
            return type.Contains(',', StringComparison.Ordinal) ? null : "_ => { }";
        if (ProviderClients.New(type) is { } client)
        {
            namespaces.AddRange(client.Namespaces);
            return client.Expression;
        }
        switch (type)
        {
            case "string" or "String":
                return Nothing;
            case "Uri":
                return $"new Uri(\"https://{Host(parameter)}/\")";
            case "HttpClient":
                return "new HttpClient()";
            case "TimeProvider":
                return "TimeProvider.System";
            case "Func<IServiceProvider,IChatClient>":
                return "s => s.ChatClient()";
            case "IConfiguration" when hosted:
                return "builder.Configuration";
            case "IHostEnvironment" when hosted:
                return "builder.Environment";
            case "IConfiguration":
                namespaces.Add("Microsoft.Extensions.Configuration");
                return "new ConfigurationBuilder().Build()";
        }
        if (code.Types.Where(t => t.Name == type).ToArray() is not [var one] || !CanBeNew(one))
            return null;
        namespaces.Add(one.Namespace);
        return $"new {one.Name}()";
    }

    private static bool CanBeNew(CodeType type) =>
        type.IsMade
        && type.Takes is { } takes
        && takes.All(p => p.IsOptional)
        && !type.Code.Contains("required ", StringComparison.Ordinal);
}
