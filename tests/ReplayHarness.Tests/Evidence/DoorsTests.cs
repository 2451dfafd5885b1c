using ReplayHarness.Evidence;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Evidence;

/// <summary>What the commands do, a library user can do: capture, and verify.</summary>
public sealed class DoorsTests
{
    private static readonly ReplayOptions s_quick = new() { Schedules = Schedules.Captured, Hypotheses = ["captured@tool"] };

    [Test]
    public void Capture_redacts_what_it_writes()
    {
        using var folder = new TempFolder();
        var asked = FixtureFolder.Load(Data.Fixture).Fixture.Input.User;
        var captured = Path.Combine(folder.Path, "drive-timeout");
        var fixture = FixtureCapture.Write(
            captured,
            Data.Load(Data.DriveTimeout),
            new CaptureOptions { Selected = "by hand", Redaction = RedactionOptions.Usual with { Known = [asked] } }
        );
        Assert.That(fixture.Incident, Is.EqualTo("drive-timeout"));
        Assert.That(fixture.Fingerprint, Is.EqualTo(FixtureFolder.Load(Data.Fixture).Fingerprint));
        Assert.That(fixture.Redactions.Select(r => r.Kind), Does.Contain("known-secret"));
        Assert.That(fixture.Hypotheses, Does.Contain("captured@tool"));
        foreach (var file in Directory.GetFiles(captured))
            Assert.That(File.ReadAllText(file), Does.Not.Contain(asked), file);
    }

    [Test]
    public async Task Verify_shows_both_agents_and_writes_the_evidence()
    {
        using var folder = new TempFolder();
        var evidence = await Verification.RunAsync(Data.Fixture, Agent.Of<Shipped>(), Agent.Of<CatchAdded>(), s_quick);
        Assert.That(
            (evidence.Broken.Verdict, evidence.Fixed?.Verdict),
            Is.EqualTo((VerdictKind.Reproduced, (VerdictKind?)VerdictKind.SymptomRemoved))
        );
        evidence.Save(folder.Path);
        Assert.That(EvidenceFile.Load(folder.Path)?.ToJson(), Is.EqualTo(evidence.ToJson()));
        Assert.That(File.ReadAllText(Path.Combine(folder.Path, "evidence.md")), Does.StartWith("# drive-timeout: symptom-removed"));
    }
}
