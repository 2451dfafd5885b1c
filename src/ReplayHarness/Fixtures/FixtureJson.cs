using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplayHarness.Fixtures;

/// <summary>The serialisation of fixtures: camel case, LF, nothing unknown accepted.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(KebabEnums<HttpFault>), typeof(KebabEnums<BrokenAnswer>), typeof(KebabEnums<ToldAs>)],
    MaxDepth = 128
)]
[JsonSerializable(typeof(Fixture))]
[JsonSerializable(typeof(HttpResponseFile))]
internal sealed partial class FixtureJson : JsonSerializerContext
{
    /// <summary>The options for reading and writing, with text left readable.</summary>
    public static FixtureJson Relaxed =>
        s_relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static FixtureJson? s_relaxed;
}

/// <summary>An enumeration by its names in kebab-case.</summary>
internal sealed class KebabEnums<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
