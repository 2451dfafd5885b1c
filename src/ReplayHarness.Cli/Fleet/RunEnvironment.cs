using System.Collections;
using System.Runtime.InteropServices;

namespace ReplayHarness.Cli.Fleet;

/// <summary>What a machine adds to what an agent reads: the variables, the kind of machine, the zone of its clock.</summary>
/// <param name="variables">The variables of the environment.</param>
internal sealed class RunEnvironment(IReadOnlyDictionary<string, string> variables)
{
    // Other ones in every terminal, and read by no agent that does not name them.
    private static readonly HashSet<string> s_ofSessions =
    [
        "_",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "TERM",
        "COLORTERM",
        "COLUMNS",
        "LINES",
        "PS1",
        "LS_COLORS",
        "HOSTNAME",
        "LOGNAME",
        "USER",
        "USERNAME",
        "MAIL",
        "TMPDIR",
        "TEMP",
        "TMP",
        "DISPLAY",
        "INVOCATION_ID",
        "JOURNAL_STREAM",
        "FORCE_COLOR",
        "NO_COLOR",
        "REPLAYHARNESS_CACHE",
        "REPLAYHARNESS_CACHE_MB",
        "REPLAYHARNESS_SHARDS",
    ];

    private static readonly string[] s_alsoOfSessions = ["SSH_", "XDG_", "DBUS_", "VSCODE_", "PARALLEL"];

    // The variable by which an engine is told, and how those begin that it sets anew for every job.
    private static readonly (string Engine, string[] Begin)[] s_engines =
    [
        ("SLURM_JOB_ID", ["SLURM", "SBATCH_"]),
        ("GITHUB_ACTIONS", ["GITHUB_", "RUNNER_", "ACTIONS_"]),
        ("GITLAB_CI", ["CI", "GITLAB_"]),
        ("TF_BUILD", ["BUILD_", "SYSTEM_", "AGENT_", "ENDPOINT_", "PIPELINE_"]),
        ("CIRCLECI", ["CIRCLE"]),
        ("BUILDKITE", ["BUILDKITE"]),
        ("JENKINS_URL", ["BUILD_", "JOB_", "JENKINS_", "HUDSON_", "NODE_", "EXECUTOR_", "WORKSPACE"]),
        ("TEST_WORKSPACE", ["TEST_", "RUNFILES", "BAZEL_"]),
        ("JOB_COMPLETION_INDEX", ["JOB_COMPLETION_INDEX"]),
    ];

    private const string Kubernetes = "KUBERNETES_SERVICE_HOST";

    /// <summary>That of this process.</summary>
    public static RunEnvironment Now() =>
        new(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal)
        );

    /// <summary>What of it code is told that holds some names as text.</summary>
    public string ToldTo(IReadOnlySet<string> names)
    {
        string[] begin = [.. s_alsoOfSessions, .. s_engines.Where(e => variables.ContainsKey(e.Engine)).SelectMany(e => e.Begin)];
        var told = variables
            .Where(v => names.Contains(v.Key) || !IsOfSession(v.Key, begin))
            .OrderBy(v => v.Key, StringComparer.Ordinal)
            .Select(v => $"{v.Key}={v.Value}");
        return string.Join('\n', [RuntimeInformation.RuntimeIdentifier, TimeZoneInfo.Local.Id, .. told]);
    }

    /// <summary>The variables that are among some names.</summary>
    public string Named(IReadOnlySet<string> names) =>
        string.Join(
            '\n',
            variables.Where(v => names.Contains(v.Key)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}")
        );

    // A__B is how a setting A:B of .NET is spelt: no engine does so.
    private bool IsOfSession(string name, string[] begin) =>
        s_ofSessions.Contains(name)
        || (!name.Contains("__", StringComparison.Ordinal) && begin.Any(b => name.StartsWith(b, StringComparison.Ordinal)))
        || (variables.ContainsKey(Kubernetes) && IsOfService(name));

    private static bool IsOfService(string name) =>
        name.EndsWith("_SERVICE_HOST", StringComparison.Ordinal)
        || name.Contains("_SERVICE_PORT", StringComparison.Ordinal)
        || (name.Contains("_PORT", StringComparison.Ordinal) && name.Contains("_TCP", StringComparison.Ordinal))
        || name.EndsWith("_PORT", StringComparison.Ordinal);
}
