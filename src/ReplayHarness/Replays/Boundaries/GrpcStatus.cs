using System.Reflection;
using System.Text.RegularExpressions;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The status of a gRPC call, as the message of its exception tells it in words.</summary>
internal static partial class GrpcStatus
{
    /// <summary>The status that a message tells; null where the type is no such status, or the message tells none.</summary>
    public static object? Of(Type type, string message) =>
        type.FullName == "Grpc.Core.Status"
        && InWords().Match(message) is { Success: true } match
        && Constructor(type) is { } constructor
        && Enum.TryParse(constructor.GetParameters()[0].ParameterType, match.Groups["code"].Value, out var code)
            ? constructor.Invoke([code, match.Groups["detail"].Value])
            : null;

    private static ConstructorInfo? Constructor(Type type) =>
        Array.Find(
            type.GetConstructors(),
            c => c.GetParameters() is [{ ParameterType.IsEnum: true }, var text] && text.ParameterType == typeof(string)
        );

    [GeneratedRegex(@"^Status\(StatusCode=""(?<code>\w+)"", Detail=""(?<detail>.*?)""", RegexOptions.Singleline)]
    private static partial Regex InWords();
}
