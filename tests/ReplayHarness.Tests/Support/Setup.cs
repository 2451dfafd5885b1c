using System.Runtime.CompilerServices;
using VerifyTests;

[assembly: Parallelizable(ParallelScope.Children)]

namespace ReplayHarness.Tests.Support;

internal static class Setup
{
    [ModuleInitializer]
    public static void Initialize() => VerifierSettings.UseUtf8NoBom();
}
