using System.Text;

namespace VerifyTests;

/// <summary>Settings of every verification.</summary>
public static class VerifierSettings
{
    internal static List<Action<StringBuilder>> Scrubbers { get; } = [];

    internal static bool NoBom { get; private set; }

    internal static bool AutoVerifyAll { get; private set; }

    internal static bool UniquePrefixRequired { get; private set; } = true;

    public static void UseUtf8NoBom() => NoBom = true;

    public static void AutoVerify() => AutoVerifyAll = true;

    public static void AddScrubber(Action<StringBuilder> scrubber) => Scrubbers.Add(scrubber);

    public static void DisableRequireUniquePrefix() => UniquePrefixRequired = false;
}
