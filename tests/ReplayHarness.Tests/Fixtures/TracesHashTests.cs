using ReplayHarness.Fixtures;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>A fixture and the traces beside it belong together, and what does not is told.</summary>
public sealed class TracesHashTests
{
    [TestCase("traces.otlp.jsonl", "$.source.tracesHash")]
    [TestCase("healthy.otlp.jsonl", "$.source.healthyHash")]
    public void Traces_of_another_capture_are_one_clear_error(string name, string member)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.CopyFixture(), name);
        File.AppendAllText(file, " ");
        Assert.That(
            () => FixtureFolder.Load(folder.Path),
            Throws
                .TypeOf<BadInputException>()
                .With.Message.StartsWith($"{file}: is not what the fixture was captured with: expected the SHA-256 ")
                .And.Message.Contains($"names at {member}, and is ")
                .And.Message.Contains("capture the incident again")
        );
    }

    [Test]
    public void Line_ends_do_not_matter()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.CopyFixture(), "traces.otlp.jsonl");
        File.WriteAllText(file, File.ReadAllText(file).ReplaceLineEndings("\r\n"));
        Assert.That(FixtureFolder.Load(folder.Path).Incident, Is.EqualTo("drive-timeout"));
    }

    [Test]
    public async Task Fixtures_without_a_hash_and_without_traces_are_as_valid_as_ever()
    {
        using var folder = new TempFolder();
        File.Delete(Path.Combine(folder.CopyFixture(), "healthy.otlp.jsonl"));
        await Authored.EditAsync(folder.Path, json => json["source"]!.AsObject().Remove("tracesHash"));
        File.AppendAllText(Path.Combine(folder.Path, "traces.otlp.jsonl"), " ");
        Assert.That(FixtureFolder.Load(folder.Path).Incident, Is.EqualTo("drive-timeout"));
    }

    [Test]
    public async Task Migrating_notes_the_hash()
    {
        using var folder = new TempFolder();
        folder.CopyFixture();
        var known = FixtureFolder.Load(folder.Path).Fixture.Source;
        await Authored.EditAsync(
            folder.Path,
            json =>
            {
                json["schemaVersion"] = 1;
                json["source"]!.AsObject().Remove("tracesHash");
                json["source"]!.AsObject().Remove("healthyHash");
            }
        );
        Assert.That(FixtureWriter.Migrate(FixtureFolder.Load(folder.Path)), Is.True);
        var migrated = FixtureFolder.Load(folder.Path).Fixture.Source;
        Assert.That((migrated.TracesHash, migrated.HealthyHash), Is.EqualTo((known.TracesHash, known.HealthyHash)));
    }

    [Test]
    public void The_repositorys_own_fixtures_hold_theirs() =>
        Assert.That(
            Directory
                .GetDirectories(Path.Combine(Repo.Root, "fixtures"))
                .Where(f => FixtureFolder.Load(f).Fixture.Source.TracesHash is null),
            Is.Empty
        );
}
