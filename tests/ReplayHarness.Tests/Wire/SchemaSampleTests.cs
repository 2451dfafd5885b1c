using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Wire;

namespace ReplayHarness.Tests.Wire;

/// <summary>A value that nobody recorded can be read by the type that its schema was made of.</summary>
public sealed class SchemaSampleTests
{
    public sealed record Stop(string Name, DateTimeOffset At, Weekday Day);

    public sealed record Journey(
        string Title,
        int Changes,
        double? Price,
        bool Booked,
        Guid Id,
        Stop First,
        IReadOnlyList<Stop> Stops,
        Journey? Back
    );

    public enum Weekday
    {
        Monday,
        Tuesday,
    }

    [Test]
    public void A_value_of_a_types_schema_is_read_as_that_type()
    {
        var options = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions);
        options.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter());
        var schema = AIJsonUtilities.CreateJsonSchema(typeof(Journey), serializerOptions: options);
        var read = JsonSerializer.Deserialize<Journey>(SchemaSample.Of(schema, "made up"), options)!;
        Assert.Multiple(() =>
        {
            Assert.That(read.Title, Is.EqualTo("made up"));
            Assert.That(read.First.Day, Is.EqualTo(Weekday.Monday));
            Assert.That(read.Stops, Has.Count.EqualTo(1));
        });
    }

    [TestCase("""{}""", "{}")]
    [TestCase("""{"type":["null","string"]}""", "\"x\"")]
    [TestCase("""{"enum":[null,"red"]}""", "\"red\"")]
    [TestCase("""{"const":7}""", "7")]
    [TestCase("""{"type":"integer","minimum":3}""", "3")]
    [TestCase("""{"anyOf":[{"type":"null"},{"type":"boolean"}]}""", "false")]
    [TestCase("""{"allOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"b":{"type":"number"}}}]}""", """{"a":"x","b":0}""")]
    [TestCase("""{"$ref":"#/$defs/t","$defs":{"t":{"type":"array","items":{"format":"date","type":"string"}}}}""", """["2000-01-01"]""")]
    [TestCase("""{"$ref":"#/$defs/none"}""", "null")]
    [TestCase("""{"type":"null"}""", "null")]
    [TestCase("""{"type":"string","description":"The day (format: \"date\")"}""", "\"2000-01-01\"")]
    public void It_fits(string schema, string value) => Assert.That(SchemaSample.Of(JsonElement.Parse(schema), "x"), Is.EqualTo(value));

    [Test]
    public void A_schema_that_only_names_itself_ends() =>
        Assert.That(
            () => SchemaSample.Of(JsonElement.Parse("""{"properties":{"a":{"$ref":"#"},"b":{"$ref":"#"}}}"""), "x"),
            Throws.Nothing
        );

    [TestCase(
        "openai-chat",
        """{"messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"t","schema":{"type":"null"}}}}"""
    )]
    [TestCase("openai-responses", """{"input":"hello","text":{"format":{"type":"json_schema","name":"t","schema":{"type":"null"}}}}""")]
    [TestCase("anthropic-messages", """{"messages":[],"output_config":{"format":{"type":"json_schema","schema":{"type":"null"}}}}""")]
    [TestCase("anthropic-messages", """{"messages":[],"output_format":{"type":"json_schema","schema":{"type":"null"}}}""")]
    [TestCase("gemini-content", """{"contents":[],"generationConfig":{"responseJsonSchema":{"type":"null"}}}""")]
    [TestCase("gemini-content", """{"contents":[],"generationConfig":{"responseSchema":{"type":"NULL"}}}""")]
    [TestCase(
        "bedrock-converse",
        """{"messages":[],"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"null\"}"}}}}}"""
    )]
    public void A_request_says_of_which_form_its_answer_is_to_be(string format, string body)
    {
        var read = WireFormats.All.Single(f => f.Name == format).Read(System.Text.Encoding.UTF8.GetBytes(body));
        Assert.That(read.Schema?.GetProperty("type").GetString(), Is.EqualTo("null"));
    }

    [TestCase("openai-chat", """{"messages":[],"response_format":{"type":"text"}}""")]
    [TestCase("openai-responses", """{"input":"hello","text":{"format":{"type":"text"},"verbosity":"low"}}""")]
    [TestCase("anthropic-messages", """{"messages":[]}""")]
    [TestCase("gemini-content", """{"contents":[],"generationConfig":{"temperature":0}}""")]
    [TestCase("bedrock-converse", """{"messages":[],"outputConfig":{"effort":"low"}}""")]
    public void Text_is_asked_for_without_a_schema(string format, string body)
    {
        var read = WireFormats.All.Single(f => f.Name == format).Read(System.Text.Encoding.UTF8.GetBytes(body));
        Assert.That(read.Schema, Is.Null);
    }
}
