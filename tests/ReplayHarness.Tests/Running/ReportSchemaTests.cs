using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using ReplayHarness.Running;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Running;

/// <summary>The published schema of reports is that of the type, and what the command line prints keeps to it.</summary>
public sealed class ReportSchemaTests
{
    private static readonly string s_file = Path.Combine(Repo.Root, "docs", "report.schema.json");

    [Test]
    public void The_published_schema_is_that_of_the_report()
    {
        var text = Schema().ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
        var published = File.Exists(s_file) ? File.ReadAllText(s_file) : "";
        if (text != published)
            File.WriteAllText(Path.ChangeExtension(s_file, ".received.json"), text);
        Assert.That(text, Is.EqualTo(published), $"if the change is meant: mv {Path.ChangeExtension(s_file, ".received.json")} {s_file}");
    }

    [Test]
    public async Task What_run_prints_keeps_to_it()
    {
        var printed = (
            await Tool.RunAsync("run", Data.Fixture, "--agent", $"{Repo.Replays}:shipped", "--hypothesis", "captured@tool", "--json")
        ).Output;
        Assert.That(SchemaCheck.Problems(File.ReadAllText(s_file), printed), Is.Empty);
    }

    private static JsonNode Schema()
    {
        var schema = (JsonObject)
            ReportJson.Relaxed.Options.GetJsonSchemaAsNode(
                typeof(ReplayReport),
                new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }
            );
        Correct(schema);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "What a replay of replay-harness shows, version 1");
        return schema;
    }

    // What the serialiser does and its exporter does not tell: what is null is left out, and of some findings only the rules are written.
    private static void Correct(JsonObject schema)
    {
        if (schema["properties"] is JsonObject properties)
        {
            foreach (var rules in (string[])["removed", "remaining", "appeared", "imposed"])
                if (properties.ContainsKey(rules))
                    properties[rules] = new JsonObject
                    {
                        ["type"] = "array",
                        ["items"] = new JsonObject { ["type"] = "string" },
                    };
            if (schema["required"] is JsonArray required)
                foreach (var name in required.Where(r => MayBeNull(properties[(string)r!])).ToArray())
                    required.Remove(name);
        }
        foreach (var below in schema.Select(m => m.Value).OfType<JsonObject>().ToArray())
            Correct(below);
    }

    private static bool MayBeNull(JsonNode? property) =>
        (property as JsonObject)?["type"] is JsonArray types && types.Any(t => (string?)t == "null");
}
