using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Fixtures;
using ReplayHarness.Running.Together;

namespace ReplayHarness.Cli.Documents;

/// <summary>What <c>parallel --json</c> prints: camel case, LF, nothing left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NewLine = "\n",
    Converters = [typeof(KebabEnums<ParallelVerdict>), typeof(KebabEnums<PairVerdict>)]
)]
[JsonSerializable(typeof(ParallelReport))]
internal sealed partial class ParallelJson : JsonSerializerContext
{
    private static ParallelJson? s_readable;

    /// <summary>For people, with text left readable.</summary>
    public static ParallelJson Readable =>
        s_readable ??= new(
            new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true }
        );
}
