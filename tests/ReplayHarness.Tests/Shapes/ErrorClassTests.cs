using ReplayHarness.Shapes;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Tests.Shapes;

/// <summary>What class an error is of: whatever its message says, where its code or its type says more.</summary>
public sealed class ErrorClassTests
{
    // Fewer would say little.
    private const int Fewest = 250;

    [Test]
    public void Each_error_of_the_list_has_the_class_that_is_right()
    {
        string[] rows =
        [
            .. File.ReadLines(Path.Combine(Repo.Root, "tests", "ReplayHarness.Tests", "Shapes", "error-classes.txt"))
                .Where(l => l.Length > 0 && !l.StartsWith('#')),
        ];
        Assert.That(rows, Has.Length.GreaterThan(Fewest));
        Assert.That(rows.Select(Wrong).OfType<string>(), Is.Empty);
    }

    // What is wrong with a row: class | type | message @ attribute=value; null where nothing is.
    private static string? Wrong(string row)
    {
        var (parts, code) = (row.Split('|', 3), row.Split(" @ ", 2));
        var found = ClassOf(
            parts[1].Trim(),
            parts.Length < 3 ? "" : parts[2].Split(" @ ", 2)[0].Trim(),
            code.Length < 2 ? [] : [code[1].Trim()]
        );
        return found == parts[0].Trim() ? null : $"{found} instead of {row}";
    }

    // What a span of its own says is nearer than any word, but for what a server answers itself.
    [TestCase("http.response.status_code=503", "http-5xx")]
    [TestCase("http.response.status_code=429", "rate-limit")]
    [TestCase("http.response.status_code=200", "timeout")]
    [TestCase("http.status_code=404", "http-4xx")]
    [TestCase("rpc.grpc.status_code=14", "connection")]
    [TestCase("rpc.response.status_code=RESOURCE_EXHAUSTED", "rate-limit")]
    [TestCase("rpc.grpc.status_code=0", "timeout")]
    [TestCase("db.response.status_code=08006", "connection")]
    [TestCase("db.response.status_code=40P01", "timeout")]
    public void A_code_comes_before_the_type(string attribute, string errorClass) =>
        Assert.That(ClassOf("System.TimeoutException", "timed out", attribute), Is.EqualTo(errorClass));

    [Test]
    public void What_a_server_answers_itself_is_not_what_it_was_told() =>
        Assert.That(
            ErrorClass.Of(Errors.Of(SpanOf("System.TimeoutException", "timed out", "http.response.status_code=500") with { Kind = 2 })!),
            Is.EqualTo("timeout")
        );

    [Test]
    public void A_code_in_the_place_of_the_type_counts() =>
        Assert.That(ClassOf("EPIPE", "FrameError: the line is gone"), Is.EqualTo("connection"));

    [Test]
    public void A_class_that_a_fixture_holds_stays() =>
        Assert.That(ErrorClass.Of(new("KeyError", "'404'") { Class = "http-4xx" }), Is.EqualTo("http-4xx"));

    private static string ClassOf(string type, string message, params string[] attributes) =>
        ErrorClass.Of(Errors.Of(SpanOf(type, message, attributes))!);

    private static Span SpanOf(string type, string message, params string[] attributes) =>
        new("t", "s", null, "call", 0, 1)
        {
            Status = SpanStatus.Error,
            StatusMessage = message,
            Attributes = new([
                .. attributes
                    .Where(a => a.Length > 0)
                    .Append($"error.type={type}")
                    .Select(a => a.Split('=', 2))
                    .Select(a => KeyValuePair.Create<string, object?>(a[0], a[1])),
            ]),
        };

    // Whose arguments an error speaks of: the model's are those of the tool.
    [TestCase("System.ArgumentException", "An item with the same key has already been added. Key: rates", "other:ArgumentException")]
    [TestCase(
        "System.ArgumentException",
        "An item with the same key has already been added. Key: a (Parameter 'key')",
        "other:ArgumentException"
    )]
    [TestCase("ArgumentException", "Destination is too short. (Parameter 'destination')", "other:ArgumentException")]
    [TestCase("System.ArgumentException", "The handle is not open.", "other:ArgumentException")]
    [TestCase("System.ArgumentException", "No such currency. (Parameter 'currency')", "invalid-arguments")]
    [TestCase(
        "System.ArgumentException",
        "The arguments dictionary is missing a value for the required parameter 'city'. (Parameter 'arguments')",
        "invalid-arguments"
    )]
    [TestCase("Microsoft.SemanticKernel.KernelException", "Missing argument for function parameter 'currency'.", "invalid-arguments")]
    [TestCase("java.lang.IllegalArgumentException", "no", "invalid-arguments")]
    [TestCase("ValidationError", "id: required", "invalid-arguments")]
    [TestCase("InvalidArgument", "id", "invalid-arguments")]
    public void Arguments(string type, string message, string errorClass) =>
        Assert.That(ErrorClass.Of(new(type, message)), Is.EqualTo(errorClass));
}
