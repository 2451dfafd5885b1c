using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using Trace = ReplayHarness.Traces.Trace;

namespace ReplayHarness.Tests.Replays;

/// <summary>An exception that is made of a trace says what the captured one said, or that it does not know.</summary>
public sealed class RebuiltExceptionsTests
{
    private const string Here = "ReplayHarness.Tests.Replays.";

    private static readonly string[] s_ofEveryException = ["StackTrace", "TargetSite", "Data", "Source", "HelpLink", "Message"];

    // (name, what throws it, the members that a trace does not tell)
    private static IEnumerable<TestCaseData> Thrown()
    {
        TestCaseData Row(string name, Action thrower, params string[] unknown) => new(name, thrower, unknown);
        yield return Row("missing file", () => File.ReadAllText("/shelf/none.txt"));
        yield return Row("json", () => JsonDocument.Parse("<").Dispose());
        yield return Row("json with a path", () => JsonSerializer.Deserialize<Dictionary<string, int>>("""{"a":"x"}"""));
        yield return Row("disposed", () => ReadDisposed());
        yield return Row("null", () => ArgumentNullException.ThrowIfNull((object?)null, "order"));
        yield return Row("range", () => throw new ArgumentOutOfRangeException("page", "Too far."), "ActualValue");
        yield return Row("argument", () => throw new ArgumentException("No such warehouse.", "warehouse"));
        yield return Row("format", () => int.Parse("x", null));
        yield return Row("missing key", () => _ = new Dictionary<string, int>()["sku"]);
        yield return Row("division", () => _ = 1 / "".Length);
        yield return Row("first of none", () => Array.Empty<int>().First());
        yield return Row("xml", () => XDocument.Parse("<a>"), "LineNumber", "LinePosition", "SourceUri");
        yield return Row("cancelled", () => new CancellationToken(true).ThrowIfCancellationRequested(), "CancellationToken");
        yield return Row("status", () => new HttpResponseMessage(HttpStatusCode.NotFound).EnsureSuccessStatusCode());
        yield return Row(
            "no status",
            () => throw new HttpRequestException("no luck", null, HttpStatusCode.Gone),
            "StatusCode",
            "HttpRequestError"
        );
        yield return Row(
            "usual status",
            () => throw new HttpRequestException("client error", null, HttpStatusCode.Gone),
            "StatusCode",
            "HttpRequestError"
        );
        yield return Row("wrapped", () => Wrap(() => throw new TimeoutException("slow"), e => new InvalidOperationException("no", e)));
        yield return Row(
            "wrapped twice",
            () => Wrap(() => Wrap(() => ReadDisposed(), e => new IOException("mid", e)), e => new StockException("out", e)),
            "HResult of IOException"
        );
        yield return Row(
            "many lines within",
            () => Wrap(() => throw new FormatException("a\n b: c\nd"), e => new StockException("out", e))
        );
        yield return Row("of unknown type within", () => Wrap(() => throw new PrivateException("x"), e => new StockException("out", e)));
        yield return Row(
            "many",
            () =>
                Task.WhenAll(Failing(new StockException("A")), Failing(new TimeoutException("B")))
                    .Wait(TestContext.CurrentContext.CancellationToken)
        );
        yield return Row("one of many", () => Failing(new StockException("only")).Wait(TestContext.CurrentContext.CancellationToken));
        yield return Row(
            "many of many",
            () =>
                throw new AggregateException(
                    "all (of it)",
                    new AggregateException(new StockException("a (b)"), new TimeoutException("c")),
                    new FormatException("(d")
                )
        );
        yield return Row("none of many", () => throw new AggregateException("nothing (really)"));
        yield return Row(
            "by reflection",
            () => typeof(RebuiltExceptionsTests).GetMethod(nameof(Throws), BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, null)
        );
        yield return Row("type initializer", () => _ = NeverMade.Value);
        yield return Row("generic", () => throw new PairException<string, int[]>("pair"));
        yield return Row(
            "generic of generic",
            () => throw new PairException<Dictionary<string, int[,]>, MissingException<Outer.InnerException>[][]>("pair")
        );
        yield return Row("nested", () => throw new Outer.InnerException("within"));
        yield return Row("settled", () => throw new SettledException("short"));
        yield return Row("a number of its type", () => throw new GoneException("gone"));
        yield return Row("a number", () => throw new CodedException(7, "bad"), "Code", "IsPermanent", "HResult");
        yield return Row("a number that the message tells", () => throw new CodedException(7, "bad (code: 7)"));
        yield return Row("members to fill", () => throw new OpenException("bad") { Code = 7, Kind = "x" }, "Code", "Kind");
        yield return Row("its own message", () => throw new SkuException("4711"), "Sku", "HResult");
        yield return Row("a status", () => throw new StatusException("status 418 was answered", 418));
        yield return Row("a status that nobody says", () => throw new StatusException("teapot", 418), "Answered", "HResult");
        yield return Row("no status at all", () => throw new RefusedException(401, "no"), "Status", "HResult");
        yield return Row(
            "no such host",
            () =>
                throw new HttpRequestException(
                    HttpRequestError.NameResolutionError,
                    "No such host is known. (a.example:80)",
                    new SocketException((int)SocketError.HostNotFound)
                )
        );
        yield return Row("socket", () => throw new SocketException((int)SocketError.ConnectionReset, "Connection reset by peer"));
        yield return Row("closed", () => Connect());
        if (OperatingSystem.IsLinux())
        {
            yield return Row("disk full", () => File.WriteAllText("/dev/full", "text"));
            yield return Row("file is there", () => new FileStream("/dev/full", FileMode.CreateNew).Dispose());
            yield return Row("no such program", () => Process.Start("/shelf/none")?.Dispose());
            yield return Row("io", () => throw new IOException("broken", 77), "HResult");
        }
    }

    [TestCaseSource(nameof(Thrown))]
    public void What_is_known_is_what_was_thrown(string name, Action thrower, string[] unknown)
    {
        var thrown = Catch(thrower);
        List<string> notes = [];
        List<RebuiltException> all = [];
        var made = ClrExceptions.Create(Captured(thrown, withStack: true), notes.Add, all.Add);
        Assert.That(Described(made), Is.EqualTo(Described(thrown)), string.Join("; ", notes));
        List<string> missing = [];
        Compare(thrown, made, all.ToDictionary(a => a.Exception), missing);
        Assert.That(missing, Is.EquivalentTo(unknown), name);
        // Without a stack trace nobody knows what is within.
        var bare = ClrExceptions.Create(Captured(thrown, withStack: false), notes.Add, all.Add);
        Assert.That(bare.GetType(), Is.EqualTo(thrown.GetType()));
        if (thrown.InnerException is not null && all[^1].IsMemberUnknown("InnerException") is false)
            Assert.That(Described(bare.InnerException!), Does.StartWith(thrown.InnerException.GetType().FullName!));
    }

    [TestCase("ReplayHarness.Tests.Replays.PairException<string, int[]>", typeof(PairException<string, int[]>))]
    [TestCase(
        "ReplayHarness.Tests.Replays.PairException<int?,System.Collections.Generic.List<bool>>",
        typeof(PairException<int?, List<bool>>)
    )]
    [TestCase(
        "ReplayHarness.Tests.Replays.MissingException<ReplayHarness.Tests.Replays.Outer.InnerException>",
        typeof(MissingException<Outer.InnerException>)
    )]
    [TestCase("ReplayHarness.Tests.Replays.Outer.InnerException", typeof(Outer.InnerException))]
    [TestCase("ReplayHarness.Tests.Replays.MissingException`1[System.Int32[]]", typeof(MissingException<int[]>))]
    [TestCase(
        "ReplayHarness.Tests.Replays.MissingException`1[[System.Int32[,], System.Private.CoreLib]]",
        typeof(MissingException<int[,]>)
    )]
    [TestCase("ReplayHarness.Tests.Replays.MissingException<", null)]
    [TestCase("ReplayHarness.Tests.Replays.MissingException<int", null)]
    [TestCase("ReplayHarness.Tests.Replays.MissingException<Shop.Book>", null)]
    [TestCase("ReplayHarness.Tests.Replays.MissingException<int,int>", null)]
    [TestCase("ReplayHarness.Tests.Replays.MissingException<>", null)]
    [TestCase("ReplayHarness.Tests.Replays.MissingException`1[System.Void[]]", null)]
    [TestCase("ReplayHarness.Tests.Outer.InnerException", null)]
    public void Types_are_found_as_they_are_written(string written, Type? expected)
    {
        var error = new RecordedError(written, "other:X", "System.InvalidOperationException", "no");
        Assert.That(ClrExceptions.Create(error, _ => { }).GetType(), Is.EqualTo(expected ?? typeof(CapturedException)));
    }

    // What an unknown type is within is nothing that a filter may decide on.
    [TestCase("One or more errors occurred. (A) (B (b))", "A|B (b)")]
    [TestCase("One or more errors occurred. ((A) (B)) (C)", "(A) (B)|C")]
    [TestCase("One or more errors occurred.", "")]
    [TestCase("(A)", "")]
    public void An_exception_of_many_without_a_stack_trace_holds_their_messages(string message, string inner)
    {
        RebuiltException? rebuilt = null;
        var error = new RecordedError("System.AggregateException", "other:AggregateException", "System.AggregateException", message);
        var made = (AggregateException)ClrExceptions.Create(error, Assert.Fail, r => rebuilt = r);
        Assert.That((made.Message, string.Join('|', made.InnerExceptions.Select(e => e.Message))), Is.EqualTo((message, inner)));
        Assert.That(made.InnerExceptions, Is.All.TypeOf<CapturedException>());
        Assert.That((rebuilt!.IsMemberUnknown("InnerExceptions"), rebuilt.IsMemberUnknown("InnerException")), Is.EqualTo((true, true)));
    }

    [TestCase("There is not enough space on the disk. : 'C:\\x'", 0x80070070u)]
    [TestCase("No space left on device : '/x'", 28u)]
    [TestCase("The process cannot access the file 'C:\\x' because it is being used by another process.", 0x80070020u)]
    [TestCase("The process cannot access the file '/x' because it is being used by another process.", 11u)]
    [TestCase("The file '/x' already exists.", 17u)]
    public void A_file_system_is_known_by_its_words(string message, uint expected)
    {
        RebuiltException? rebuilt = null;
        var made = ClrExceptions.Create(
            new("System.IO.IOException", "other:IOException", "System.IO.IOException", message),
            Assert.Fail,
            r => rebuilt = r
        );
        Assert.That((unchecked((uint)made.HResult), rebuilt!.IsMemberUnknown("HResult")), Is.EqualTo((expected, false)));
    }

    [TestCase("bad (code: 7)", "code", "7")]
    [TestCase("Error code 1205: a deadlock", "code", "1205")]
    [TestCase("ErrorCode=E_BUSY", "errorCode", "E_BUSY")]
    [TestCase("failed, number = -3.", "number", "-3")]
    [TestCase("Code 7", "number", null)]
    [TestCase("order number: 4711 is not there", "number", null)]
    [TestCase("exit code 1", "code", null)]
    [TestCase("country code: DE", "code", null)]
    [TestCase("status code 404", "code", null)]
    [TestCase("code", "code", null)]
    [TestCase("Decode: 7", "code", null)]
    public void A_code_is_what_a_message_calls_so(string message, string name, string? expected) =>
        Assert.That(
            new ErrorFacts(new RecordedError("X", "other:X", "X", message), null).Of(name, typeof(string))?.Value,
            Is.EqualTo(expected)
        );

    [Test]
    public void A_member_that_is_not_there_is_said()
    {
        List<string> notes = [];
        const string Type = Here + nameof(CodedException);
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"code":404,"cods":1}""");
        var made = ClrExceptions.Create(new(Type, "other:X", Type, "bad") { Members = members }, notes.Add);
        Assert.That(((CodedException)made).Code, Is.EqualTo(404));
        Assert.That(notes, Is.EqualTo(new[] { $"{Type} has no member cods that could hold what the fixture says of it" }));
    }

    // A text that was cut tells nothing of what was within.
    [TestCase("{0}: out| ---> System.FormatException: a|   --- End of inner exception stack trace ---|   at X.Y()", 1)]
    [TestCase("{0}: out|   at X.Y()", 0)]
    [TestCase("{0}: out| ---> System.FormatException: a|   at X.Y()", null)]
    [TestCase("{0}: out| ---> System.Form", null)]
    [TestCase("{0}: out", null)]
    [TestCase("{0}: ou", null)]
    [TestCase("   at X.Y()", null)]
    [TestCase("System.FormatException: out|   at X.Y()", null)]
    [TestCase("", null)]
    public void A_stack_trace_tells_what_is_within(string text, int? expected)
    {
        const string Type = Here + nameof(StockException);
        var lines = text.Replace("{0}", Type, StringComparison.Ordinal).Split('|');
        var span = new Span(RunBuilder.TraceId, "00000000000000aa", null, "execute_tool read", 1, 2)
        {
            Attributes = new([new("exception.stacktrace", string.Join('\n', lines))]),
        };
        Assert.That(StackErrors.Of(span, new(Type, "out")).Inner?.Count, Is.EqualTo(expected));
    }

    private static IEnumerable<TestCaseData> Filters()
    {
        const string NotKnown = "not-established",
            Http = "System.Net.Http.HttpRequestException",
            Coded = Here + nameof(CodedException);
        yield return new(Coded, "refused by the desk", nameof(ByCode), null, NotKnown);
        yield return new(Coded, "refused by the desk", nameof(ByPattern), null, NotKnown);
        yield return new(Coded, "refused by the desk", nameof(ByReflection), null, NotKnown);
        yield return new(Coded, "refused by the desk", nameof(ByTypeAlone), null, "removed");
        yield return new(Coded, "refused by the desk (code 404)", nameof(ByCode), null, "reproduced");
        yield return new(Coded, "refused by the desk", nameof(ByCode), """{"members":{"code":404}}""", "reproduced");
        yield return new(Coded, "refused by the desk", nameof(ByPattern), """{"members":{"Code":"500"}}""", "removed");
        yield return new(Here + nameof(GoneException), "refused by the desk", nameof(ByCode), null, "removed");
        yield return new(Http, "no luck", nameof(ByStatus), null, NotKnown);
        yield return new(Http, "no luck", nameof(InItsClause), null, NotKnown);
        yield return new(Http, "no luck", nameof(ByStatus), """{"code":"404"}""", "reproduced");
        yield return new(Http, "Response status code does not indicate success: 502 (Bad Gateway).", nameof(ByStatus), null, "removed");
        yield return new(Http, "no luck", nameof(ByInner), null, NotKnown);
        yield return new(Http, "no luck", nameof(ByInner), """{"inner":[]}""", "removed");
        yield return new(Http, "no luck", nameof(InItsFilter), null, NotKnown);
        yield return new(Http, "no luck at the desk", nameof(InItsFilter), """{"code":"404"}""", "reproduced");
        yield return new("System.IO.IOException", "broken", nameof(ByHResult), null, NotKnown);
        yield return new("System.IO.IOException", "No space left on device : '/x'", nameof(ByHResult), null, "reproduced");
        yield return new(
            "System.AggregateException",
            "One or more errors occurred. (refused by the desk)",
            nameof(ByHandle),
            null,
            NotKnown
        );
    }

    [TestCaseSource(nameof(Filters))]
    public async Task A_filter_decides_on_nothing_that_nobody_knows(
        string type,
        string message,
        string driver,
        string? written,
        string expected
    )
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(
            folder,
            "filter",
            new RunBuilder { RootError = (type, message) }
                .Model(0, 1, output: Authored.Asks("get_order", "4711"))
                .Tool("get_order", 1, 1, (type, message), Authored.About("4711"))
        );
        if (written is not null)
            await Authored.EditAsync(
                fixture,
                json =>
                {
                    foreach (var (name, value) in JsonNode.Parse(written)!.AsObject())
                        json["behaviours"]![0]!["error"]![name] = value!.DeepClone();
                }
            );
        var report = await Replay.RunAsync(fixture, Here + driver, new() { Hypotheses = ["captured@tool"] });
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict.Text(), Is.EqualTo(expected), verdict.Sentence);
        if (expected == "not-established")
            Assert.That(verdict.Sentence, Does.Contain(" was read, and nothing that was captured tells it"));
    }

    private static RecordedError Captured(Exception thrown, bool withStack)
    {
        var (type, message) = (thrown.GetType().ToString(), thrown.Message);
        var trace = new RunBuilder { RootError = (type, message) }
            .Model(0, 1, output: Authored.Asks("read", "4711"))
            .Tool("read", 1, 1, (type, message), Authored.About("4711"))
            .Build();
        var spans = trace.Spans.Select(s =>
            s with
            {
                Events =
                [
                    .. s.Events.Select(e =>
                        withStack ? e with { Attributes = new([.. e.Attributes, new("exception.stacktrace", thrown.ToString())]) } : e
                    ),
                ],
            }
        );
        return Capture.Create("rebuilt", "authored", [new Trace(trace.TraceId, spans)], [], []).Behaviours.Single().Error!;
    }

    private static void Compare(Exception was, Exception made, Dictionary<Exception, RebuiltException> all, List<string> unknown)
    {
        var rebuilt = all[made];
        foreach (var property in was.GetType().GetProperties().Where(p => !s_ofEveryException.Contains(p.Name)))
        {
            var isUnknown =
                property.DeclaringType!.Assembly == typeof(RebuiltExceptionsTests).Assembly
                    ? RebuiltException.FieldsOf(made.GetType()).Any(f => rebuilt.IsFieldUnknown(f.Name))
                        && rebuilt.IsMemberUnknown(property.Name)
                    : rebuilt.IsMemberUnknown(property.Name);
            if (isUnknown)
                unknown.Add(all.Values.Last().Exception == made ? property.Name : $"{property.Name} of {made.GetType().Name}");
            else if (property.GetValue(was) is var value and not (Exception or IEnumerable<Exception>))
                Assert.That(property.GetValue(made), Is.EqualTo(value), $"{was.GetType()}.{property.Name}");
        }
        foreach (var (one, other) in Within(was).Zip(Within(made)))
            if (all.ContainsKey(other))
                Compare(one, other, all, unknown);
    }

    private static string Described(Exception e) =>
        $"{e.GetType().FullName}: {e.Message.ReplaceLineEndings("\n")} [{string.Join(", ", Within(e).Select(Described))}]";

    private static IEnumerable<Exception> Within(Exception e) =>
        e is AggregateException many ? many.InnerExceptions
        : e.InnerException is { } inner ? [inner]
        : [];

    private static Exception Catch(Action thrower)
    {
        try
        {
            thrower();
        }
        catch (Exception e)
        {
            return e;
        }
        throw new InvalidOperationException("nothing was thrown");
    }

    private static void Wrap(Action thrower, Func<Exception, Exception> wrapper)
    {
        try
        {
            thrower();
        }
        catch (Exception e)
        {
            throw wrapper(e);
        }
    }

    private static void ReadDisposed()
    {
        var stream = new MemoryStream();
        stream.Dispose();
        stream.ReadByte();
    }

    private static void Connect()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/");
        client.Send(request).Dispose();
    }

    private static async Task Failing(Exception e)
    {
        await Task.Yield();
        throw e;
    }

    private static void Throws() => throw new StockException("by reflection");

    private sealed class PrivateException(string message) : Exception(message);

    private static class NeverMade
    {
        public static int Value { get; } = int.Parse("x", null);
    }
}
