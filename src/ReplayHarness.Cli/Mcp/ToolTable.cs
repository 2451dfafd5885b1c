using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace ReplayHarness.Cli.Mcp;

/// <summary>A command as a tool. What its parameters are and mean is the command's own.</summary>
/// <param name="Name">The command.</param>
/// <param name="ReadsOnly">Whether it writes nothing and runs no agent.</param>
/// <param name="Advice">When to use it, for an agent.</param>
/// <param name="Parameters">The command's arguments and options that the tool takes, without hyphens.</param>
internal sealed record CommandTool(string Name, bool ReadsOnly, string Advice, IReadOnlyList<string> Parameters)
{
    private static readonly string[] s_exploration = ["schedules", "budget", "seed", "hypothesis", "races"];

    /// <summary>The tools, in the order in which an agent needs them. What weakens redaction is not among their parameters.</summary>
    public static IReadOnlyList<CommandTool> All { get; } =
    [
        new(
            "find",
            ReadsOnly: true,
            "First, when you know a domain id (task_id, order id): it gives the trace ids.",
            ["source", "where", "limit", "environment", "since"]
        ),
        new(
            "inspect",
            ReadsOnly: true,
            "First, when you know no id: which runs failed, and how. With group, how often each shape of failure came.",
            ["source", "trace", "where", "group", "failed", "environment", "since"]
        ),
        new("tree", ReadsOnly: true, "What one run did, call by call.", ["source", "trace", "where", "environment", "since"]),
        new(
            "debug",
            ReadsOnly: true,
            "Why one run may have failed: hypotheses, and the commands that would decide them.",
            ["run", "traces", "logs", "metrics", "baseline", "healthy", "code", "fixture", "agent", "replayed", "environment", "since"]
        ),
        new(
            "capture",
            ReadsOnly: false,
            "Before run: writes the fixture that run, verify and report take. Personal data and secrets are replaced.",
            ["source", "trace", "where", "out", "healthy", "finding", "redact", "rules", "names", "environment", "since"]
        ),
        new(
            "run",
            ReadsOnly: false,
            "Replays the agent's built code: reproduced before a fix, removed after it. Build the agent first.",
            ["fixture", "agent", .. s_exploration, "repeat", "strategy", "schedule", "write-schedule", "expect", "accept-drift"]
        ),
        new(
            "verify",
            ReadsOnly: false,
            "After a fix: replays the agent before it and after it, and writes the evidence that closes the incident.",
            ["fixture", "broken", "broken-ref", "fixed", "mutate", "out", .. s_exploration]
        ),
        new(
            "report",
            ReadsOnly: false,
            "For people: writes one HTML file about the incident.",
            ["fixture", "agent", "broken", "fixed", "out", .. s_exploration]
        ),
    ];

    /// <summary>Makes the command.</summary>
    public Command Create() => CommandTable.Rows.Single(r => r.Name == Name).Create();

    /// <summary>What a client is told of it.</summary>
    public Tool Describe()
    {
        var command = Create();
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var name in Parameters)
        {
            var parameter = Parameter.Of(command, name);
            properties[name] = parameter.Schema();
            if (parameter.IsRequired)
                required.Add(name);
        }
        return Describe(Name, $"{command.Description} {Advice}", ReadsOnly, properties, required);
    }

    /// <summary>What a client is told of a tool.</summary>
    public static Tool Describe(string name, string description, bool readsOnly, JsonObject properties, JsonArray required)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = false,
        };
        return new()
        {
            Name = name,
            Description = description,
            InputSchema = JsonElement.Parse(schema.ToJsonString()),
            Annotations = new() { ReadOnlyHint = readsOnly },
        };
    }
}
