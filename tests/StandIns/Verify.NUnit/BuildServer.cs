namespace VerifyNUnit;

/// <summary>Whether this runs on a build server, where a received file becomes an attachment.</summary>
internal static class BuildServer
{
    private static readonly string[] s_variables =
    [
        "JENKINS_URL",
        "GITHUB_ACTION",
        "TEAMCITY_VERSION",
        "GITLAB_CI",
        "GO_SERVER_URL",
        "TRAVIS_BUILD_ID",
        "APPVEYOR",
    ];

    public static bool Detected =>
        s_variables.Any(v => Environment.GetEnvironmentVariable(v) is not null)
        || string.Equals(Environment.GetEnvironmentVariable("TF_BUILD"), "True", StringComparison.OrdinalIgnoreCase)
        || Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true";
}
