using System.Text;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Tests.Wire;

/// <summary>What a format writes it reads back: an answer in one piece, and as a stream however the network cuts it.</summary>
public sealed class RoundTripTests
{
    private const int Turns = 200;

    private static readonly string[] s_words =
    [
        "Both",
        " were read.",
        "\n\n",
        "data: ",
        "{",
        "}]",
        "\"",
        "\\",
        "\r\n",
        "größer",
        "時間",
        "👩‍🚀",
        "event: x",
        " ",
    ];

    private static IEnumerable<TestCaseData> Formats() => WireFormats.All.Select(f => new TestCaseData(f).SetArgDisplayNames(f.Name));

    [TestCaseSource(nameof(Formats))]
    public void What_is_written_is_read(object given)
    {
        var format = (WireFormat)given;
        var random = new Random(7);
        for (var i = 0; i < Turns; i++)
        {
            var turn = Turn(random);
            var request = new WireRequest("m", [], Streams: true, [], WantsUsage: true) { AsArray = i % 2 == 0 };
            var answer = new WireAnswer("answer_1", "m", turn, request);
            var whole = format.Said(JsonElement.Parse(Encoding.UTF8.GetString(WireFormat.Bytes(format.Body(answer)))));
            var events = format.Events(Cut([.. format.Streamed(answer).SelectMany(p => p)], random));
            var streamed = format.Said(JsonElement.Parse(format.Folded(events.Select(e => e.Data)).ToJsonString()));
            Assert.Multiple(() =>
            {
                Assert.That(Text(whole), Is.EqualTo(Text(turn)), "in one piece");
                Assert.That(Text(streamed), Is.EqualTo(Text(turn)), "streamed");
                Assert.That(streamed.FinishReason, Is.EqualTo(whole.FinishReason));
                Assert.That(streamed.Id, Is.EqualTo(whole.Id));
                Assert.That(events.Select(e => e.Ticks), Is.Ordered);
            });
        }
    }

    [TestCaseSource(nameof(Formats))]
    public void Of_a_stream_that_breaks_off_is_read_what_came(object given)
    {
        var format = (WireFormat)given;
        var turn = new RecordedTurn
        {
            LatencySeconds = 1,
            Text = "Both were read.",
            Calls = [],
        };
        byte[] all = [.. format.Streamed(new("answer_1", "m", turn, new("m", [], Streams: true, []))).SelectMany(p => p)];
        for (var length = 0; length < all.Length; length++)
        {
            var events = format.Events([(all[..length], 1)]);
            if (events.Count > 0)
                Assert.That(
                    turn.Text,
                    Does.StartWith(format.Said(JsonElement.Parse(format.Folded(events.Select(e => e.Data)).ToJsonString())).Text ?? "")
                );
        }
    }

    private static RecordedTurn Turn(Random random)
    {
        var calls = Enumerable
            .Range(0, random.Next(3))
            .Select(i => new RequestedCall($"call_{i}", i == 0 ? "read" : "list", Arguments(random)))
            .ToArray();
        var text = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => s_words[random.Next(s_words.Length)]));
        return new()
        {
            LatencySeconds = 1,
            Text = text.Length > 0 ? text : null,
            Calls = calls,
            FinishReason = random.Next(4) == 0 ? "length" : null,
            Usage = new(random.Next(1000), random.Next(1000)),
        };
    }

    private static JsonElement Arguments(Random random) =>
        JsonSerializer.SerializeToElement(
            Enumerable
                .Range(0, random.Next(3))
                .ToDictionary(
                    i => $"a{i}",
                    i => i == 0 ? (object)s_words[random.Next(s_words.Length)] : new { of = new object[] { random.Next(9), 0.5, false } }
                )
        );

    private static List<(byte[], long)> Cut(byte[] bytes, Random random)
    {
        List<(byte[], long)> pieces = [];
        for (int start = 0, length; start < bytes.Length; start += length)
        {
            length = Math.Min(bytes.Length - start, random.Next(1, 40));
            pieces.Add((bytes[start..(start + length)], pieces.Count));
        }
        return pieces;
    }

    private static string Text(RecordedTurn turn) => Text(turn.Text, turn.Calls, turn.Usage);

    private static string Text(WireSaid said) => Text(said.Text, said.Calls, said.Usage);

    private static string Text(string? text, IReadOnlyList<RequestedCall> calls, RecordedUsage? usage) =>
        $"{text}|{string.Join('|', calls.Select(c => $"{c.CallId} {c.Tool} {Json.Canonical(Json.Value(c.Arguments))}"))}|{usage}";
}
