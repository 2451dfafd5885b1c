using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Tests.Wire;

/// <summary>Amazon Bedrock's Converse: what it has that other APIs do not.</summary>
public sealed class BedrockConverseTests
{
    private static readonly BedrockConverse s_format = new();

    private static readonly RecordedTurn s_turn = new()
    {
        LatencySeconds = 1.5,
        Text = "Both, then.",
        Calls = [new("c1", "read", JsonElement.Parse("""{"of":"the letter a"}"""))],
        Usage = new(12, 7),
    };

    [TestCase("/model/amazon.nova-lite-v1%3A0/converse", "amazon.nova-lite-v1:0", false)]
    [TestCase("/model/amazon.nova-lite-v1:0/converse-stream", "amazon.nova-lite-v1:0", true)]
    [TestCase(
        "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fx/converse?a=b",
        "arn:aws:bedrock:eu-west-1:1:inference-profile/x",
        false
    )]
    public void The_path_says_what_is_asked(string target, string model, bool streams)
    {
        var read = s_format.Read("""{"messages":[]}"""u8.ToArray(), target);
        Assert.That((read.Model, read.Streams), Is.EqualTo((model, streams)));
    }

    [Test]
    public void A_request()
    {
        var read = s_format.Read(
            Encoding.UTF8.GetBytes(
                """{"system":[{"text":"Be "},{"text":"short."}],"messages":[{"role":"user","content":[{"text":"go"}]},{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"Both."},{"toolUse":{"toolUseId":"a","name":"read","input":{"of":"a"}}},{"toolUse":{"toolUseId":"b","name":"read","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"json":{"x":1}}]}},{"toolResult":{"toolUseId":"b","content":[{"text":"bo"},{"text":"om"}],"status":"error"}}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"read","description":"d","inputSchema":{"json":{"type":"object"}}}},{"cachePoint":{"type":"default"}}]}}"""
            )
        );
        var results = read.Messages[3].Contents.OfType<FunctionResultContent>().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(read.Messages.Select(m => m.Role.Value), Is.EqualTo(new[] { "system", "user", "assistant", "tool" }));
            Assert.That(read.Messages.Select(m => m.Text), Is.EqualTo(new[] { "Be short.", "go", "Both.", "" }));
            Assert.That(
                read.Messages[2].Contents.OfType<FunctionCallContent>().Select(c => (c.CallId, c.Name)),
                Is.EqualTo(new[] { ("a", "read"), ("b", "read") })
            );
            Assert.That(results.Select(r => (r.CallId, r.Result)), Is.EqualTo(new[] { ("a", (object)"""{"x":1}"""), ("b", "boom") }));
            Assert.That(
                results.Select(r => r.AdditionalProperties?.ContainsKey(WireFormat.IsErrorName) == true),
                Is.EqualTo(new[] { false, true })
            );
            Assert.That(
                read.Tools.Select(t => (t.Name, t.Description, t.Schema.GetRawText())),
                Is.EqualTo(new[] { ("read", "d", """{"type":"object"}""") })
            );
        });
    }

    [Test]
    public void An_answer() =>
        Assert.That(
            s_format.Body(Answer(streams: false)).ToJsonString(),
            Is.EqualTo(
                """{"output":{"message":{"content":[{"text":"Both, then."},{"toolUse":{"name":"read","toolUseId":"c1","input":{"of":"the letter a"}}}],"role":"assistant"}},"stopReason":"tool_use","usage":{"inputTokens":12,"outputTokens":7,"totalTokens":19},"metrics":{"latencyMs":1500}}"""
            )
        );

    [Test]
    public void The_events_of_a_stream() =>
        Assert.That(
            s_format.Events(s_format.Streamed(Answer(streams: true)).Select((p, i) => (p, (long)i))).Select(e => e.Data.GetRawText()),
            Is.EqualTo(
                new[]
                {
                    """{"messageStart":{"role":"assistant"}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Both,"}}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":" then."}}}""",
                    """{"contentBlockStop":{"contentBlockIndex":0}}""",
                    """{"contentBlockStart":{"contentBlockIndex":1,"start":{"toolUse":{"name":"read","toolUseId":"c1"}}}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\u0022of\u0022:\u0022the l"}}}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"toolUse":{"input":"etter a\u0022}"}}}}""",
                    """{"contentBlockStop":{"contentBlockIndex":1}}""",
                    """{"messageStop":{"stopReason":"tool_use"}}""",
                    """{"metadata":{"metrics":{"latencyMs":1500},"usage":{"inputTokens":12,"outputTokens":7,"totalTokens":19}}}""",
                }
            )
        );

    // To the byte, so that the checksums are those of everybody else: the first is of the two lengths, the last of all before it.
    [Test]
    public void A_message_of_the_stream() =>
        Assert.That(
            Convert.ToHexStringLower(s_format.Streamed(Answer(streams: true)).First()),
            Is.EqualTo(
                "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700"
                    + "106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070005"
                    + "6576656e747b22726f6c65223a22617373697374616e74227d6fa8c599"
            )
        );

    [Test]
    public void A_wrong_checksum_is_told()
    {
        var message = s_format.Streamed(Answer(streams: true)).First();
        message[^6] ^= 1;
        Assert.That(() => s_format.Events([(message, 0)]), Throws.TypeOf<WireException>());
    }

    [Test]
    public void An_error_within_a_stream_is_no_answer() =>
        Assert.That(
            () => s_format.Folded([JsonElement.Parse("""{"throttlingException":{"message":"slow down"}}""")]),
            Throws.TypeOf<WireException>().With.Message.EqualTo("the stream ended with throttlingException: slow down")
        );

    [TestCase(400, "ValidationException")]
    [TestCase(429, "ThrottlingException")]
    [TestCase(500, "InternalServerException")]
    [TestCase(503, "ServiceUnavailableException")]
    public void A_refusal(int status, string name) =>
        Assert.That(
            (s_format.Refusal(status, "why").ToJsonString(), s_format.RefusalHeaders(status)["x-amzn-errortype"]),
            Is.EqualTo(("""{"message":"why"}""", name))
        );

    private static WireAnswer Answer(bool streams) => new("answer_1", "m", s_turn, new("m", [], streams, []));
}
