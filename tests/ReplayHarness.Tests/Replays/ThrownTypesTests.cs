using System.Net;
using System.Net.Sockets;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>An agent under replay catches what it caught when it was captured.</summary>
public sealed class ThrownTypesTests
{
    private const string Here = "ReplayHarness.Tests.Replays.";

    [TestCase("System.Net.Http.HttpRequestException", "Connection refused (orders.example:8080)")]
    [TestCase("System.Net.Http.HttpIOException", "The response ended prematurely. (ResponseEnded)")]
    [TestCase("System.Net.Sockets.SocketException", "Connection refused")]
    [TestCase("System.Net.WebSockets.WebSocketException", "The remote party closed the WebSocket connection.")]
    [TestCase("System.Threading.Tasks.TaskCanceledException", "The request was canceled due to the configured HttpClient.Timeout of 9 s.")]
    [TestCase("System.OperationCanceledException", "The operation was canceled.")]
    [TestCase("System.TimeoutException", "The operation has timed out.")]
    [TestCase("System.ArgumentNullException", "Value cannot be null. (Parameter 'connectionString')")]
    [TestCase("System.ArgumentException", "An item with the same key has already been added. Key: 4711")]
    [TestCase("System.ArgumentException", "No such warehouse. (Parameter 'warehouse')")]
    [TestCase("System.ObjectDisposedException", "Cannot access a disposed object.\nObject name: 'OrderContext'.")]
    [TestCase("System.Collections.Generic.KeyNotFoundException", "Order 4711 was not found.")]
    [TestCase("System.Text.Json.JsonException", "'<' is an invalid start of a value.")]
    [TestCase("System.Xml.XmlException", "Root element is missing.")]
    [TestCase("System.Data.DuplicateNameException", "A column named 'id' already belongs to this table.")]
    [TestCase(Here + "StockException", "no stock")]
    [TestCase(Here + "RefusedException", "Service request failed. Status: 401 (Unauthorized)")]
    public void A_type_that_is_there_is_thrown_with_its_message(string type, string message)
    {
        List<string> notes = [];
        var thrown = Thrown(type, message, notes);
        Assert.That(
            (thrown.GetType().FullName, thrown.Message.ReplaceLineEndings("\n"), notes),
            Is.EqualTo((type, message, new List<string>()))
        );
    }

    [Test]
    public void What_a_message_tells_is_set()
    {
        var refused = (HttpRequestException)Thrown("System.Net.Http.HttpRequestException", "Connection refused (orders.example:8080)");
        Assert.That(refused.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
        Assert.That((refused.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
        var status = (HttpRequestException)Thrown(
            "System.Net.Http.HttpRequestException",
            "Response status code does not indicate success: 502 (Bad Gateway)."
        );
        Assert.That(status.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(((RefusedException)Thrown(Here + "RefusedException", "Status: 401 (Unauthorized)")).Status, Is.EqualTo(401));
        Assert.That(((ArgumentException)Thrown("System.ArgumentException", "No. (Parameter 'sku')")).ParamName, Is.EqualTo("sku"));
        Assert.That(
            ((SocketException)Thrown("System.Net.Sockets.SocketException", "Connection reset by peer")).SocketErrorCode,
            Is.EqualTo(SocketError.ConnectionReset)
        );
        Assert.That(
            Thrown(
                "System.Threading.Tasks.TaskCanceledException",
                "canceled due to the configured HttpClient.Timeout of 9 s"
            ).InnerException,
            Is.TypeOf<TimeoutException>()
        );
    }

    [TestCase("KeyError", "'sku'", "System.Collections.Generic.KeyNotFoundException")]
    [TestCase("httpx.ConnectError", "All connection attempts failed", "System.Net.Http.HttpRequestException")]
    [TestCase("TimeoutError", "", "System.TimeoutException")]
    [TestCase("AbortError", "This operation was aborted", "System.OperationCanceledException")]
    [TestCase("TypeError", "undefined is not a function", "System.InvalidCastException")]
    [TestCase("java.lang.IllegalArgumentException", "no", "System.ArgumentException")]
    [TestCase("HttpRequestException", "no", "System.Net.Http.HttpRequestException")]
    public void Types_of_other_languages_become_what_means_the_same(string type, string message, string expected)
    {
        List<string> notes = [];
        Assert.That(Thrown(type, message, notes).GetType().FullName, Is.EqualTo(expected));
        Assert.That(notes, Is.Empty);
    }

    [TestCase("Shop.StockException", "no stock", nameof(CapturedException))]
    [TestCase("Shop.GatewayException", "Connection reset", nameof(CapturedException))]
    [TestCase(Here + "NoException", "no", nameof(CapturedException))]
    [TestCase(Here + "MissingException`1", "no", nameof(CapturedException))]
    [TestCase(Here + "MissingException`1[Shop.Book]", "no", nameof(CapturedException))]
    [TestCase("System.Lazy`1[[" + Here + "NoException]]", "no", nameof(CapturedException))]
    [TestCase("ReplayHarness.Traces.BadInputException", "no", nameof(CapturedException))]
    [TestCase("OrderError", "no", "System.InvalidOperationException")]
    [TestCase("NoSuchShopException", "no", nameof(CapturedException))]
    public void A_type_that_is_not_there_is_caught_for_no_relative_and_that_is_said(string type, string message, string expected)
    {
        List<string> notes = [];
        Assert.That($"System.{Thrown(type, message, notes).GetType().Name}", Does.EndWith($".{expected.Split('.')[^1]}"));
        Assert.That(notes, Is.EqualTo(new[] { $"{type} is thrown as {expected}: its type is not there" }));
        Assert.That(NoException.Made, Is.Null);
    }

    // As ToString and FullName write them.
    [TestCase(Here + "MissingException`1[System.Int32]")]
    [TestCase(Here + "MissingException`1[[System.Int32, System.Private.CoreLib, Version=9.0.0.0, Culture=neutral]]")]
    public void A_generic_type_is_thrown(string type)
    {
        var thrown = Thrown(type, "no", []);
        Assert.That((thrown, thrown.Message), Is.EqualTo((thrown as MissingException<int>, "no")));
    }

    // What catches it asks for its type.
    [TestCase(Here + "SealedOffException")]
    [TestCase(Here + "PickyException")]
    [TestCase(Here + "NumberedException")]
    public void A_type_that_no_constructor_makes_of_a_message_is_thrown_with_its_message_only(string type)
    {
        List<string> notes = [];
        var thrown = Thrown(type, "no", notes);
        Assert.That((thrown.GetType().FullName, thrown.Message), Is.EqualTo((type, "no")));
        Assert.That(notes, Is.EqualTo(new[] { $"{type} is thrown with its message only: no public constructor of it takes that" }));
        Assert.That(() => throw thrown, Throws.Exception.SameAs(thrown));
    }

    [Test]
    public void The_cause_within_and_the_file_are_set()
    {
        var reset = Thrown("System.IO.IOException", "Unable to read data from the transport connection: Connection reset by peer.");
        Assert.That((reset.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        var missing = (FileNotFoundException)Thrown("System.IO.FileNotFoundException", "Could not find file '/shelf/b.txt'.");
        Assert.That(missing.FileName, Is.EqualTo("/shelf/b.txt"));
    }

    [Test]
    public void What_somebody_wrote_into_a_fixture_is_thrown()
    {
        var error = new RecordedError("System.TimeoutException", "timeout", "System.IO.InvalidDataException", "no");
        Assert.That(ClrExceptions.Create(error, Assert.Fail), Is.TypeOf<InvalidDataException>());
    }

    [TestCase("System.Net.Http.HttpRequestException", "Connection refused (orders.example:8080)", nameof(CatchesHttpErrors), "removed")]
    [TestCase("System.Net.Http.HttpRequestException", "Connection refused (orders.example:8080)", nameof(CatchesFileErrors), "reproduced")]
    [TestCase("System.Collections.Generic.KeyNotFoundException", "Order 4711 is not there.", nameof(CatchesWrongStates), "reproduced")]
    [TestCase("System.Collections.Generic.KeyNotFoundException", "Order 4711 is not there.", nameof(CatchesMissingKeys), "removed")]
    [TestCase("KeyError", "'sku'", nameof(CatchesMissingKeys), "removed")]
    [TestCase("KeyError", "'sku'", nameof(CatchesWrongStates), "reproduced")]
    [TestCase(Here + "StockException", "no stock", nameof(CatchesItsOwn), "removed")]
    [TestCase(Here + "StockException", "no stock", nameof(CatchesWrongStates), "reproduced")]
    [TestCase("Shop.StockException", "no stock", nameof(CatchesItsOwn), "reproduced")]
    [TestCase("StockException", "no stock", nameof(CatchesItsOwn), "removed")]
    [TestCase("StockException", "no stock", nameof(CatchesWrongStates), "reproduced")]
    [TestCase("Shop.StockException", "no stock", nameof(CatchesWrongStates), "reproduced")]
    public async Task Catch_clauses_decide_as_they_did(string type, string message, string driver, string expected)
    {
        using var folder = new TempFolder();
        foreach (var old in (bool[])[false, true])
        {
            var fixture = Fixture(folder, $"{(old ? "old" : "new")}-fixture", type, message, old);
            var report = await Replay.RunAsync(fixture, Here + driver, new() { Hypotheses = ["captured@tool"] });
            Assert.That(report.Hypotheses.Single().Verdict.Text(), Is.EqualTo(expected), report.Hypotheses.Single().Sentence);
            Assert.That(
                report.Hypotheses.Single().Drift,
                type.StartsWith("Shop", StringComparison.Ordinal) ? Has.One.Contains("is thrown as") : Is.Empty
            );
        }
    }

    // Fixtures from before hold a relative by the error's class.
    private static string Fixture(TempFolder folder, string incident, string type, string message, bool old)
    {
        var path = Authored.Write(
            folder,
            incident,
            new RunBuilder { RootError = (type, message) }
                .Model(0, 1, output: Authored.Asks("get_order", "4711"))
                .Tool("get_order", 1, 1, (type, message), Authored.About("4711"))
        );
        if (old)
        {
            var file = Path.Combine(path, "fixture.json");
            var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!;
            var error = json["behaviours"]![0]!["error"]!;
            error["exception"] = ErrorTypes.OfClass((string)error["class"]!);
            File.WriteAllText(file, json.ToJsonString());
        }
        return path;
    }

    private static Exception Thrown(string type, string message, List<string>? notes = null)
    {
        var errorClass = ErrorClass.Of(new(type, message));
        return ClrExceptions.Create(new(type, errorClass, ErrorTypes.Of(type, errorClass), message), (notes ?? []).Add);
    }
}
