using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Why traces hold no run is said: who wrote the spans, the nearest dialect, and what of it is missing.</summary>
public sealed class NoRunTests
{
    private static Trace Of(string traceId, string scope, params (string, object?)[] attributes)
    {
        var spans = new Spans(traceId) { Scope = scope };
        spans.Add(null, "GET /", attributes);
        return spans.Build();
    }

    [Test]
    public void The_nearest_dialect_is_named_with_what_is_missing()
    {
        var why = NoRun.Of([
            Of("a1", "http"),
            Of("a2", "desk", ("llm.model_name", "m"), ("input.value", "x")),
            Of("a3", "desk", ("llm.provider", "p")),
        ]);
        Assert.That(
            why,
            Is.EqualTo(
                "3 spans of desk (2 spans), http (1 span); the nearest dialect is openinference (llm.model_name on 2 spans); its calls are "
                    + "told by openinference.span.kind = LLM or TOOL, which none of them has"
            )
        );
    }

    [Test]
    public void The_dialect_that_was_met_most_is_the_nearest()
    {
        var why = NoRun.Of([
            Of("a1", "a", ("llm.provider", "p")),
            Of("a2", "a", ("ai.model.id", "m")),
            Of("a3", "a", ("ai.model.id", "m")),
        ]);
        Assert.That(why, Does.StartWith("3 spans of a; the nearest dialect is vercel-ai (ai.model.id on 2 spans); "));
    }

    [Test]
    public void A_span_of_a_dialect_that_is_no_call_is_told_by_its_name()
    {
        var spans = new Spans { Scope = "com.anthropic.claude_code.tracing" };
        spans.Add(null, "claude_code.hook");
        Assert.That(
            NoRun.Of([spans.Build()]),
            Does.Contain("claude-code (claude_code.hook on 1 span)").And.Contain("claude_code.llm_request")
        );
    }

    [Test]
    public void Conventions_without_an_operation_are_near_to_all()
    {
        Assert.That(
            NoRun.Of([Of("a1", "my", ("gen_ai.request.model", "m"))]),
            Does.Contain("gen_ai (gen_ai.request.model on 1 span)").And.Contain("gen_ai.operation.name = chat")
        );
    }

    [Test]
    public void Many_writers_are_a_handful()
    {
        Assert.That(
            NoRun.Of(Enumerable.Range(0, 9).Select(i => Of($"a{i}", $"scope{i}"))),
            Does.StartWith("9 spans of scope0 (1 span), scope1 (1 span), scope2 (1 span), scope3 (1 span), scope4 (1 span) and 4 more; ")
        );
    }

    [Test]
    public async Task Inspect_says_it_once_for_all_traces()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "t.jsonl");
        await using (var file = File.Create(path))
            OtlpJson.Write(file, [Of("0af7651916cd43dd8448eb211c80319c", "http"), Of("1af7651916cd43dd8448eb211c80319c", "http")]);
        var result = await Tool.RunAsync("inspect", path);
        Assert.That((result.ExitCode, result.Errors.Count(c => c == '\n')), Is.EqualTo((0, 1)));
        Assert.That(result.Errors, Does.Contain("2 trace(s), none with an agent run: 2 spans of http; "));
    }
}
