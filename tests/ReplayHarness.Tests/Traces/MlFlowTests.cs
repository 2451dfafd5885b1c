using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>MLflow's spans over OTLP, and its own traces of both versions.</summary>
public sealed class MlFlowTests
{
    private const string Asked =
        """{"choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"rate","arguments":"{\"of\":\"EUR\"}"}}]}}],"model":"gpt-5"}""";

    private static void IsTheRun(AgentRun run)
    {
        var model = run.ModelCalls.First();
        var tool = run.ToolCalls.Single();
        Assert.Multiple(() =>
        {
            Assert.That((run.Dialect, run.ModelCalls.Count(), run.Root!.Name), Is.EqualTo(("mlflow", 1, "agent")));
            Assert.That(
                (model.Model, model.FinishReason, model.InputTokens, model.OutputTokens),
                Is.EqualTo(("gpt-5", "tool_calls", 27, 6))
            );
            Assert.That(model.Input!.Single().Parts.Single(), Is.EqualTo(new TextPart("how much")));
            Assert.That(
                (tool.Name, tool.CallId, tool.Arguments, tool.Result),
                Is.EqualTo(("rate", "c1", """{"of":"EUR"}""", null as string))
            );
            Assert.That(tool.Error, Is.EqualTo(new CallError("TimeoutError", "no answer")));
            Assert.That(tool.Span.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
        });
    }

    private static string Json(string text) => ReplayHarness.Traces.Json.Write(text);

    private static string Trace(Func<string, string, string?, string, string, string> span) =>
        string.Join(
            ",",
            span("b7ad6b7169203331", "agent", null, "0,4", $$"""{"mlflow.spanType":{{Json("\"AGENT\"")}}}"""),
            span(
                "b7ad6b7169203332",
                "Completions",
                "b7ad6b7169203331",
                "0,1",
                $$"""
                {"mlflow.spanType":{{Json("\"CHAT_MODEL\"")}},"mlflow.spanInputs":{{Json(
                    """{"model":"gpt-5","messages":[{"role":"user","content":"how much"}]}"""
                )}},
                "mlflow.spanOutputs":{{Json(Asked)}},"mlflow.chat.tokenUsage":{{Json("""{"input_tokens":27,"output_tokens":6}""")}}}
                """
            ),
            // LangChain's own span of the same call.
            span("b7ad6b7169203333", "request", "b7ad6b7169203332", "0,1", $$"""{"mlflow.spanType":{{Json("\"LLM\"")}}}"""),
            span(
                "b7ad6b7169203334",
                "rate",
                "b7ad6b7169203331",
                "1,3",
                $$"""{"mlflow.spanType":{{Json("\"TOOL\"")}},"mlflow.spanInputs":{{Json("""{"of":"EUR"}""")}},"mlflow.spanOutputs":"null"}"""
            )
        );

    private const string Failed =
        """[{"name":"exception","TIME":1790000003000000000,"attributes":{"exception.type":"TimeoutError","exception.message":"no answer"}}]""";

    [Test]
    public void A_trace_of_version_2_is_read()
    {
        using var folder = new TempFolder();
        var spans = Trace(
            (id, name, parent, at, attributes) =>
                $$"""
                    {"name":"{{name}}","context":{"span_id":"0x{{id}}","trace_id":"0x0af7651916cd43dd8448eb211c80319c"},
                     "parent_id":{{(parent is null ? "null" : $"\"0x{parent}\"")}},"start_time":179000000{{at[
                        0
                    ]}}000000000,"end_time":179000000{{at[2]}}000000000,
                     "status_code":"{{(name == "rate" ? "ERROR" : "OK")}}","status_message":"","attributes":{{attributes}},
                     "events":{{(name == "rate" ? Failed.Replace("TIME", "timestamp", StringComparison.Ordinal) : "[]")}}}
                    """
        );
        var file = folder.Write(
            "trace.json",
            $$$"""{"info":{"request_id":"tr-1","timestamp_ms":1,"tags":{"mlflow.x":"y","order":"7"}},"data":{"spans":[{{{spans}}}],"request":"{}"}}"""
        );
        var set = TraceFiles.Load(file);
        Assert.That(set.Problems, Is.Empty);
        IsTheRun(AgentRuns.Read(set.Traces.Single()).Single());
        Assert.That(set.Traces.Single().Spans[0].Text("order"), Is.EqualTo("7"));
    }

    [Test]
    public void A_trace_of_version_3_is_read()
    {
        static string Base64(string hex) => Convert.ToBase64String(Convert.FromHexString(hex));

        using var folder = new TempFolder();
        var spans = Trace(
            (id, name, parent, at, attributes) =>
                $$"""
                    {"trace_id":"{{Base64("0af7651916cd43dd8448eb211c80319c")}}","span_id":"{{Base64(id)}}",
                     "parent_span_id":{{(parent is null ? "\"\"" : $"\"{Base64(parent)}\"")}},"name":"{{name}}",
                     "start_time_unix_nano":179000000{{at[0]}}000000000,"end_time_unix_nano":"179000000{{at[2]}}000000000",
                     "status":{"code":"STATUS_CODE_{{(name == "rate" ? "ERROR" : "OK")}}","message":""},"attributes":{{attributes}},
                     "events":{{(name == "rate" ? Failed.Replace("TIME", "time_unix_nano", StringComparison.Ordinal) : "[]")}}}
                    """
        );
        var file = folder.Write(
            "traces.json",
            $$$"""[{"info":{"trace_id":"tr-1","state":"ERROR","trace_metadata":{"mlflow.trace.session":"s-1"}},"data":{"spans":[{{{spans}}}]}}]"""
        );
        var set = TraceFiles.Load(file);
        Assert.That(set.Problems, Is.Empty);
        IsTheRun(AgentRuns.Read(set.Traces.Single()).Single());
        Assert.That(set.Traces.Single().Spans[0].Text("session.id"), Is.EqualTo("s-1"));
        Assert.That(set.Traces.Single().TraceId, Is.EqualTo("0af7651916cd43dd8448eb211c80319c"));
    }

    [Test]
    public void Spans_over_OTLP_hold_plain_values_or_JSON()
    {
        var spans = new Spans();
        var root = spans.Add(null, "agent", ("mlflow.spanType", "AGENT"));
        spans.Add(
            root,
            "ChatOpenAI",
            ("mlflow.spanType", "\"CHAT_MODEL\""),
            ("mlflow.spanInputs", """[[{"type":"human","content":"how much"}]]"""),
            (
                "mlflow.spanOutputs",
                """{"generations":[[{"text":"","generation_info":{"finish_reason":"tool_calls"},"message":{"type":"ai","content":"","tool_calls":[{"name":"rate","args":{"of":"EUR"},"id":"c1"}]}}]]}"""
            )
        );
        spans.Add(
            root,
            "rate",
            ("mlflow.spanType", "TOOL"),
            ("mlflow.spanInputs", "\"{'of': 'EUR'}\""),
            ("mlflow.spanOutputs", """{"content":"1.1","type":"tool","tool_call_id":"c1"}""")
        );
        var run = spans.Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.ModelCalls.Single().FinishReason, Is.EqualTo("tool_calls"));
            Assert.That(run.ModelCalls.Single().Input!.Single().Role, Is.EqualTo("user"));
            Assert.That(run.ToolCalls.Single(), Has.Property("CallId").EqualTo("c1").And.Property("Result").EqualTo("1.1"));
        });
    }
}
