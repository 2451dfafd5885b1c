using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>What real frameworks exported for one scenario: two parallel calls, one of which fails twice.</summary>
public sealed class FrameworkTracesTests
{
    private static IEnumerable<TestCaseData> Frameworks()
    {
        yield return new("vercel-ai7-genai", 10, 3, 3, 2);
        yield return new("vercel-ai7-legacy", 7, 3, 3, 2);
        yield return new("vercel-ai6-zipkin", 7, 3, 3, 2);
        yield return new("vercel-ai6-llm-retry-429-503", 9, 3, 3, 2);
        yield return new("openai-agents-openinference", 12, 3, 3, 2);
        yield return new("openai-agents-loop-maxturns", 20, 6, 6, 0);
        yield return new("langgraph-openinference-raise", 10, 1, 2, 2);
        yield return new("strands", 10, 3, 3, 2);
        yield return new("mastra", 15, 3, 3, 2);
        yield return new("mastra-1", 16, 3, 3, 2);
        yield return new("genkit", 5, 1, 2, 1);
        yield return new("google-adk", 9, 3, 3, 2);
        yield return new("langfuse-langgraph", 15, 2, 2, 1);
    }

    [TestCaseSource(nameof(Frameworks))]
    public void Counts(string framework, int spans, int modelCalls, int toolCalls, int failed)
    {
        var trace = Data.Load(Data.TracesOf(framework)).Single();
        var run = AgentRuns.Read(trace).Single();
        Assert.That(
            (trace.Spans.Count, run.ModelCalls.Count(), run.ToolCalls.Count(), run.ToolCalls.Count(c => c.Error is not null)),
            Is.EqualTo((spans, modelCalls, toolCalls, failed))
        );
    }

    private static IEnumerable<string> WithProtobuf() =>
        Frameworks()
            .Select(f => (string)f.Arguments[0]!)
            .Where(f => f is not ("vercel-ai6-zipkin" or "mastra" or "mastra-1" or "genkit" or "google-adk" or "langfuse-langgraph"));

    [TestCaseSource(nameof(WithProtobuf))]
    public void Protobuf_holds_the_same_spans(string framework)
    {
        var json = Data.Load(Data.TracesOf(framework)).Single();
        var protobuf = Data.Load(Data.Path($"traces/{framework}/*.otlp.pb")).Single();
        Assert.That(protobuf.Spans.Select(Describe), Is.EqualTo(json.Spans.Select(Describe)));
    }

    // The OpenAI agents framework withholds the text of an error.
    [TestCase("vercel-ai7-genai", "timeout")]
    [TestCase("vercel-ai7-legacy", "timeout")]
    [TestCase("vercel-ai6-zipkin", "timeout")]
    [TestCase("vercel-ai6-llm-retry-429-503", "timeout")]
    [TestCase("openai-agents-openinference", "other:Error")]
    [TestCase("strands", "timeout")]
    [TestCase("mastra", "other:Error")]
    [TestCase("mastra-1", "other:Error")]
    [TestCase("genkit", "timeout")]
    [TestCase("google-adk", "other:Error")]
    [TestCase("langfuse-langgraph", "timeout")]
    public void Parallel_calls_have_arguments_results_ids_and_errors(string framework, string errorClass)
    {
        var run = AgentRuns.Read(Data.Load(Data.TracesOf(framework)).Single()).Single();
        var first = run.Turns[0];
        var search = first.Calls.Single(c => c.Name == "search_orders");
        var inventory = first.Calls.Single(c => c.Name == "check_inventory");
        Assert.Multiple(() =>
        {
            Assert.That(search.Arguments, Does.StartWith("{"));
            Assert.That(search.Result, Is.Not.Null.And.Not.Empty);
            Assert.That(search.Error, Is.Null);
            Assert.That(search.CallId, Is.Not.Null);
            Assert.That(ReplayHarness.Shapes.ErrorClass.Of(inventory.Error!), Is.EqualTo(errorClass));
            // The ADK runs the calls of a turn one after the other.
            if (framework != "google-adk")
                Assert.That(first.StartSkew, Is.LessThan(TimeSpan.FromMilliseconds(100)));
        });
    }

    [Test]
    public void Retries_of_the_client_are_one_logical_call()
    {
        var run = AgentRuns.Read(Data.Load(Data.TracesOf("vercel-ai6-llm-retry-429-503")).Single()).Single();
        Assert.That(run.ModelCalls.Select(m => m.Attempts.Count), Is.EqualTo(new[] { 3, 1, 1 }));
        Assert.That(run.ModelCalls.Select(m => m.Error), Is.All.Null);
    }

    [Test]
    public void One_run_in_fifteen_traces_is_stitched_and_says_so()
    {
        var traces = Data.Load(Data.TracesOf("openllmetry-langgraph"));
        var run = AgentRuns.Read(traces).Single();
        Assert.That(
            (
                traces.Count,
                run.Trace.Spans.Count,
                run.ModelCalls.Count(),
                run.ToolCalls.Count(),
                run.ToolCalls.Count(c => c.Error is not null)
            ),
            Is.EqualTo((15, 15, 2, 2, 1))
        );
        Assert.That(run.Stitched, Is.EqualTo("15 traces by the time of workflow CompiledStateGraph"));
        Assert.That(run.ToolCalls.Select(c => (c.Name, c.CallId)), Does.Contain(("search_orders", "call_a")));
    }

    private static string Describe(Span span) =>
        $"{span.SpanId} {span.ParentSpanId} {span.Name} {span.StartNanos} {span.EndNanos} {span.Status} {span.StatusMessage} {span.Scope} "
        + $"{Text(span.Attributes)} {Text(span.Resource)} "
        + $"{string.Join("; ", span.Events.Select(e => $"{e.Name} {e.TimeNanos} {Text(e.Attributes)}"))}";

    private static string Text(AttributeSet attributes) => string.Join(", ", attributes.Select(a => $"{a.Key}={attributes.Text(a.Key)}"));
}
