namespace ReplayHarness.Cli.Scaffolding;

/// <summary>What a run is built on, as far as a driver depends on it.</summary>
internal enum AgentFramework
{
    /// <summary>None that is known, or a provider's SDK.</summary>
    None,

    /// <summary>Microsoft.Extensions.AI.</summary>
    ExtensionsAi,

    /// <summary>Microsoft Agent Framework.</summary>
    AgentFramework,

    /// <summary>Semantic Kernel.</summary>
    SemanticKernel,
}

/// <summary>A parameter as it is declared.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
/// <param name="IsReceiver">Whether an extension is called on it.</param>
internal sealed record CodeParameter(string Type, string Name, bool IsOptional, bool IsReceiver);

/// <summary>A public method.</summary>
/// <param name="Returns">What it returns.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsStatic">Whether it needs no object.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record CodeMethod(string Returns, string Name, bool IsStatic, IReadOnlyList<CodeParameter> Parameters);

/// <summary>A public type that stands in a namespace.</summary>
/// <param name="Namespace">Its namespace, or empty.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsMade">Whether there can be an object of it: a class, neither abstract nor static, without type parameters.</param>
/// <param name="Takes">What its constructor takes, a primary one or one that is declared; null where there are several.</param>
/// <param name="Methods">Its public methods.</param>
/// <param name="Code">Its code.</param>
internal sealed record CodeType(
    string Namespace,
    string Name,
    bool IsMade,
    IReadOnlyList<CodeParameter>? Takes,
    IReadOnlyList<CodeMethod> Methods,
    string Code
)
{
    /// <summary>Its name with its namespace.</summary>
    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}
