using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>Where libfaketime is installed.</summary>
internal static class FakeTimeLibrary
{
    private const string Name = "libfaketimeMT.so.1";

    private static readonly string[] s_folders =
    [
        "/usr/lib/x86_64-linux-gnu/faketime",
        "/usr/lib/aarch64-linux-gnu/faketime",
        "/usr/lib/faketime",
        "/usr/lib64/faketime",
        "/usr/local/lib/faketime",
    ];

    /// <summary>Its path.</summary>
    /// <exception cref="BadInputException">It is not installed.</exception>
    public static string Find() =>
        s_folders.Select(f => Path.Combine(f, Name)).FirstOrDefault(File.Exists)
        ?? throw new BadInputException(
            $"--faketime: {Name} is in none of {string.Join(", ", s_folders)}; install libfaketime (Debian: apt install "
                + $"faketime), or leave the option out"
        );
}
