using System.Runtime.CompilerServices;
using VerifyTests;

namespace Replays;

internal static class Setup
{
    [ModuleInitializer]
    public static void Initialize() => VerifierSettings.UseUtf8NoBom();
}
