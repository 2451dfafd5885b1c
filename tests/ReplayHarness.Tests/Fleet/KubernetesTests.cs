using System.Text.Json.Nodes;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>The manifest for Kubernetes: no engine runs here, so its form is what is tried, and what it says twice.</summary>
public sealed class KubernetesTests
{
    private static readonly string s_schema = File.ReadAllText(Data.Path("kubernetes-job.schema.json"));

    private static string Manifest => File.ReadAllText(Path.Combine(Repo.Root, "docs", "kubernetes-job.json"));

    [Test]
    public void The_manifest_is_a_job_as_kubernetes_reads_it()
    {
        Assert.That(SchemaCheck.Problems(s_schema, Manifest), Is.Empty);
        foreach (var wrong in (string[])["\"completionMode\": \"indexed\"", "\"completionModes\": \"Indexed\"", "\"completionMode\": 1"])
            Assert.That(
                SchemaCheck.Problems(s_schema, Manifest.Replace("\"completionMode\": \"Indexed\"", wrong, StringComparison.Ordinal)),
                Is.Not.Empty,
                wrong
            );
    }

    [Test]
    public void Each_index_is_one_part_and_all_parts_are_run()
    {
        var spec = JsonNode.Parse(Manifest)!["spec"]!;
        var pod = spec["template"]!["spec"]!;
        var container = pod["containers"]![0]!;
        var shards = container["env"]!.AsArray().Single(e => (string?)e!["name"] == "REPLAYHARNESS_SHARDS")!["value"];
        Assert.That($"{spec["completions"]}", Is.EqualTo((string?)shards));
        Assert.That((string?)pod["restartPolicy"], Is.EqualTo("Never"), "limits by index need it");
        Assert.That(
            container["volumeMounts"]!.AsArray().Select(m => (string?)m!["name"]),
            Is.EquivalentTo(pod["volumes"]!.AsArray().Select(v => (string?)v!["name"]))
        );
        Assert.That((string?)container["args"]![0], Does.Contain("--shard auto").And.Contain("part-$JOB_COMPLETION_INDEX"));
    }
}
