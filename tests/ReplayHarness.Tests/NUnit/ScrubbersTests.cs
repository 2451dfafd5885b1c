using System.Text;
using ReplayHarness.NUnit;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.NUnit;

/// <summary>Snapshots without what differs from run to run.</summary>
public sealed class ScrubbersTests
{
    [TestCase(
        "trace 019e6b596ee79a3a7bd5d48d62d2856c, span 34c5eb8884cb0cc4, again 34c5eb8884cb0cc4, call toolu_11",
        "trace Id_1, span Id_2, again Id_2, call Id_3"
    )]
    [TestCase(
        "task 019e6b46-66ea-75c2-846b-f02acf19b321 of shape 27b1c0185e11 took 60.83 s",
        "task Id_1 of shape 27b1c0185e11 took 60.83 s"
    )]
    public void Ids(string text, string scrubbed) => Assert.That(After(Scrubbers.Ids, text), Is.EqualTo(scrubbed));

    [TestCase(
        "2026-05-27T21:31:24.1648490Z then 2026-05-27 21:31:23 UTC, and 2026-05-27T21:31:24.1648490Z",
        "Time_1 then Time_2, and Time_1"
    )]
    [TestCase("on 2026-05-27 at 21:31", "on 2026-05-27 at 21:31")]
    public void Times(string text, string scrubbed) => Assert.That(After(Scrubbers.Times, text), Is.EqualTo(scrubbed));

    [TestCase("run /srv/agents/fixtures/a/fixture.json:3 (C:\\work\\Agent.dll)", "run {Path}/fixture.json:3 ({Path}/Agent.dll)")]
    [TestCase(
        "GET https://drive.example/v3/files and fixtures/drive-timeout/http, 3/4",
        "GET https://drive.example/v3/files and fixtures/drive-timeout/http, 3/4"
    )]
    public void Paths(string text, string scrubbed) => Assert.That(After(Scrubbers.Paths, text), Is.EqualTo(scrubbed));

    [Test]
    public async Task With_Verify()
    {
        var trace = Data.Load(Data.DriveTimeout)[0];
        await Verify($"{trace.TraceId}, read at 2026-05-27T21:31:24Z\n{SpanTree.Text(trace)}")
            .AddScrubber(Scrubbers.Ids)
            .AddScrubber(Scrubbers.Times);
    }

    private static string After(Action<StringBuilder> scrubber, string text)
    {
        var builder = new StringBuilder(text);
        scrubber(builder);
        return builder.ToString();
    }
}
