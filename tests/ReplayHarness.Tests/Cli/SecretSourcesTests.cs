using ReplayHarness.Stores;
using ReplayHarness.Tests.Support;
using ReplayHarness.Tests.Support.Containers;

namespace ReplayHarness.Tests.Cli;

/// <summary>A password in the name of a source is in nothing that is printed or written.</summary>
public sealed class SecretSourcesTests
{
    private const string Password = "hunter2-and-more";

    [TestCase("clickhouse:http://u:hunter2@h/", "clickhouse:http://u:***@h/")]
    [TestCase("postgres:postgres://u:a@hunter2@h:1/d", "postgres:postgres://u:***@h:1/d")]
    [TestCase("postgres:Host=h;Password=hunter2;Username=u", "postgres:Host=h;Password=***;Username=u")]
    [TestCase("postgres:Host=h;PWD = hunter2", "postgres:Host=h;PWD = ***")]
    [TestCase("postgres:Host=h;Password='hun;ter2';Username=u", "postgres:Host=h;Password=***;Username=u")]
    [TestCase("jaeger:http://h/?token=hunter2&service=a", "jaeger:http://h/?token=***&service=a")]
    [TestCase("tempo:https://glc_hunter2hunter2hunter2@h", "tempo:https://***@h")]
    [TestCase("tempo:http://h/?key=hunter2&passwd=hunter2", "tempo:http://h/?key=***&passwd=***")]
    [TestCase("PGPASSWORD=hunter2", "PGPASSWORD=***")]
    [TestCase("jaeger:http://user@h", "jaeger:http://user@h")]
    [TestCase("traces/day-*.jsonl", "traces/day-*.jsonl")]
    [TestCase("task_id=42", "task_id=42")]
    public void Is_hidden(string source, string shown)
    {
        Assert.That(new Secret(source).ToString(), Is.EqualTo(shown));
        Assert.That(new Secret(source).Reveal(), Is.EqualTo(source));
    }

    [TestCase("inspect S")]
    [TestCase("inspect S --group")]
    [TestCase("find S --where nothing=here")]
    [TestCase("tree S --trace ffff")]
    [TestCase("releases S")]
    [TestCase("checklist S")]
    [TestCase("debug T --traces S --healthy S")]
    [TestCase("debug ffff --traces S")]
    [TestCase("debug T --traces S --metrics M")]
    [TestCase("capture S --trace T --out F --healthy S")]
    [TestCase("capture S --trace T --out F --finding repeated-call")]
    public async Task Is_printed_and_written_nowhere(string command)
    {
        using var folder = new TempFolder();
        using var endpoint = new Endpoint(_ => new(Writers.Jaeger(Data.Load(Data.DriveTimeout))));
        var address = endpoint.Url.Replace("://", $"://u:{Password}@", StringComparison.Ordinal);
        string[] arguments =
        [
            .. command
                .Split(' ')
                .Select(w =>
                    w switch
                    {
                        "S" => $"jaeger:{address}",
                        "M" => $"prometheus:{address}",
                        "T" => Data.FirstAttempt,
                        "F" => Path.Combine(folder.Path, "f"),
                        _ => w,
                    }
                ),
        ];
        var result = await Tool.RunAsync(arguments);
        Assert.That(result.Output + result.Errors, Is.Not.Empty.And.Not.Contain(Password));
        Assert.That(endpoint.Requests.Select(r => r.Headers["Authorization"]), Has.Some.StartsWith("Basic "));
        foreach (var file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
            Assert.That(await File.ReadAllTextAsync(file), Does.Not.Contain(Password), file);
    }
}
