using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// Langfuse takes the content of OpenTelemetry spans out of their attributes, and keeps it as the input and output of its observations.
/// </summary>
public sealed class LangfuseExportsTests
{
    private static readonly Dictionary<string, string> s_none = [];
    private const string Asked = """[{"role":"user","parts":[{"type":"text","content":"How many of SKU-1?"}]}]""";
    private const string Calls =
        """[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"get_stock","arguments":{"sku":"SKU-1"}}]}]""";

    [TestCase("Experimental.Microsoft.Extensions.AI", "extensions-ai")]
    [TestCase("any-other", "gen_ai")]
    public void Content_is_read_for_the_dialect_beneath(string scope, string dialect)
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "trace.json",
            $$"""
            {"trace":{"id":"8e419d3288419b5d944270505640e183"},"observations":[
              {{Observation(scope, "a1", "AGENT", null, "invoke_agent", s_none, "{}", "{}")}},
              {{Observation(scope, "b1", "GENERATION", "a1", "chat", s_none, Asked, Calls)}},
              {{Observation(
                scope,
                "c1",
                "TOOL",
                "a1",
                "execute_tool",
                new Dictionary<string, string> { ["gen_ai.tool.name"] = "get_stock", ["gen_ai.tool.call.id"] = "c1" },
                """{"sku":"SKU-1"}""",
                """{"error":"backend down"}"""
            )}}
            ]}
            """
        );
        var run = AgentRuns.Read(Data.Load(file).Single()).Single();
        var (model, call) = (run.ModelCalls.Single(), run.ToolCalls.Single());
        Assert.Multiple(() =>
        {
            Assert.That(run.Dialect, Is.EqualTo(dialect));
            Assert.That(model.Input!.Single().Parts.Single(), Is.EqualTo(new TextPart("How many of SKU-1?")));
            Assert.That(model.Output!.Single().Parts.OfType<ToolCallPart>().Single().Name, Is.EqualTo("get_stock"));
            Assert.That((call.Arguments, call.Result), Is.EqualTo(("""{"sku":"SKU-1"}""", """{"error":"backend down"}""")));
            Assert.That(RuleTable.Apply(new(run)).Select(f => $"{f.Identity}"), Does.Contain("soft-error(get_stock, other:Error)"));
        });
    }

    private static string Observation(
        string scope,
        string id,
        string type,
        string? parent,
        string operation,
        IReadOnlyDictionary<string, string> more,
        string input,
        string output
    ) =>
        System.Text.Json.JsonSerializer.Serialize(
            new
            {
                id = Id(id),
                traceId = "8e419d3288419b5d944270505640e183",
                type,
                name = operation,
                startTime = $"2026-03-31T10:00:0{id[0] - 'a'}.000Z",
                endTime = $"2026-03-31T10:00:0{id[0] - 'a' + 1}.000Z",
                level = "DEFAULT",
                parentObservationId = parent is null ? null : Id(parent),
                input,
                output,
                metadata = new
                {
                    attributes = new Dictionary<string, string>(more) { ["gen_ai.operation.name"] = operation },
                    scope = new { name = scope },
                },
            }
        );

    private static string Id(string two) => string.Concat(Enumerable.Repeat(two, 8));
}
