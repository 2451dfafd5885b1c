using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReplayHarness.Cli.Commands;
using ReplayHarness.Cli.Diagnoses;
using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Mcp;

/// <summary>An argument or an option of a command, as a tool takes it.</summary>
/// <param name="symbol">The argument or the option.</param>
/// <param name="name">Its name, without hyphens.</param>
internal sealed class Parameter(Symbol symbol, string name)
{
    private static readonly string[] s_stores = ["source", "traces", "healthy"],
        s_signals = ["logs", "metrics"],
        s_agents = ["agent", "broken", "fixed"],
        s_files = ["code", "replayed", "schedule", "write-schedule", "rules", "names"],
        // Files are written in them: those that lie in them may be links, too.
        s_folders = ["fixture", "out"];

    /// <summary>Whether it is an argument, which stands after the options.</summary>
    public bool IsArgument => symbol is Argument;

    /// <summary>Whether the command does nothing without it.</summary>
    public bool IsRequired => symbol is Argument { Arity.MinimumNumberOfValues: > 0 } or Option { Required: true };

    private Type Type => symbol is Option option ? option.ValueType : ((Argument)symbol).ValueType;

    /// <summary>The parameter of a command that has a name.</summary>
    public static Parameter Of(Command command, string name) =>
        new(
            (Symbol?)command.Options.FirstOrDefault(o => o.Name == $"--{name}") ?? command.Arguments.Single(a => a.Name == name),
            name
        );

    /// <summary>Its schema.</summary>
    public JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = TypeName, ["description"] = symbol.Description };
        if (Type.IsArray)
            schema["items"] = new JsonObject { ["type"] = "string" };
        return schema;
    }

    /// <summary>What of a command line says a value.</summary>
    /// <exception cref="BadInputException">It is of another type, or leads out of the root.</exception>
    public IReadOnlyList<string> Words(JsonElement value, RootFolder root)
    {
        if (Type == typeof(bool))
            return value.ValueKind switch
            {
                JsonValueKind.True => [$"--{name}"],
                JsonValueKind.False => [],
                _ => throw Expected("true or false"),
            };
        string[] texts = value.ValueKind == JsonValueKind.Array && Type.IsArray ? [.. value.EnumerateArray().Select(Text)] : [Text(value)];
        foreach (var text in texts)
            Check(text, root);
        // In one word, so that no value is taken for another option or for a file of options.
        return IsArgument ? texts : [.. texts.Select(text => $"--{name}={text}")];
    }

    private string TypeName =>
        Type == typeof(bool) ? "boolean"
        : Type.IsArray ? "array"
        : Type == typeof(string) ? "string"
        : "integer";

    private string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String when !value.GetString()!.Contains('\0', StringComparison.Ordinal) => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Expected(TypeName),
        };

    private BadInputException Expected(string what) => new($"{name}: expected {what}");

    private void Check(string text, RootFolder root)
    {
        if (s_stores.Contains(name) || s_signals.Contains(name))
            CheckSource(text, root);
        else if (s_agents.Contains(name))
            CheckPath(text, RunCommand.SplitAgent(text).Dll, root);
        else if (s_files.Contains(name) || s_folders.Contains(name))
            CheckPath(text, text, root);
        else if (name == "broken-ref" && text.StartsWith('-'))
            throw Expected("a commit");
        if (s_folders.Contains(name) && root.LinkOutOf(text) is { } link)
            throw Outside(text, $"the link {link} leads out of", root);
    }

    private void CheckSource(string text, RootFolder root)
    {
        if (text == "-")
            throw new BadInputException($"{name} -: standard input belongs to the protocol; expected a file, a glob or a store");
        if (IsService(text))
            return;
        CheckPath(text, text, root);
        // What stands before the first star is a path; after it, nothing may lead back.
        if (!text.Contains('*', StringComparison.Ordinal))
            return;
        if (text.Split('/', '\\').Contains(".."))
            throw new BadInputException($"{name} {text}: expected a glob without ..");
        CheckPath(text, text[..text.IndexOf('*', StringComparison.Ordinal)], root);
    }

    // What one parameter takes for a service is a path to another.
    private bool IsService(string text) =>
        s_stores.Contains(name)
            ? Stores.Open(text, strict: false) is not null
            : name == "metrics" && text.StartsWith(PrometheusMetrics.Prefix, StringComparison.Ordinal);

    private void CheckPath(string text, string path, RootFolder root)
    {
        if (!root.Holds(path))
            throw Outside(text, "it lies outside", root);
    }

    private BadInputException Outside(string text, string why, RootFolder root) =>
        new($"{name} {Secret.Hide(text)}: {why} the root {root.Path}; give a path in it, or start mcp with another --root");
}
