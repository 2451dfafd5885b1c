extern alias JsonSchemas;

using System.Text.Json;
using JsonSchemas::Json.Schema;
using ReplayHarness.Tests.Repository;

namespace ReplayHarness.Tests.Support;

/// <summary>The published schema of fixtures, as a validator reads it.</summary>
internal static class SchemaCheck
{
    private static readonly EvaluationOptions s_options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private static readonly JsonSchema s_fixture = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(Repo.Root, "src", "ReplayHarness", "Fixtures", "fixture.schema.json"))
    );

    /// <summary>Where the text of a fixture.json breaks the schema, and how; empty where it does not.</summary>
    public static string[] Problems(string fixture) => Problems(s_fixture, fixture);

    /// <summary>Where a text breaks a schema, and how; empty where it does not.</summary>
    public static string[] Problems(string schema, string text) => Problems(JsonSchema.FromText(schema), text);

    private static string[] Problems(JsonSchema schema, string text)
    {
        using var document = JsonDocument.Parse(text);
        var results = schema.Evaluate(document.RootElement, s_options);
        return results.IsValid
            ? []
            : [.. (results.Details ?? []).SelectMany(d => d.Errors ?? [], (d, error) => $"{d.InstanceLocation}: {error.Value}").Distinct()];
    }
}
