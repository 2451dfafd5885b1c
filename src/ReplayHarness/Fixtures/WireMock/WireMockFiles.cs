using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>The dialects of mapping files.</summary>
internal enum WireMockDialect
{
    /// <summary>WireMock's own (wiremock.org).</summary>
    WireMock,

    /// <summary>WireMock.Net's.</summary>
    WireMockNet,
}

/// <summary>Authored http responses as mapping files of WireMock, and the reverse.</summary>
internal static class WireMockFiles
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The authored responses of a fixture as the text of a mapping file.</summary>
    /// <param name="fixture">The fixture.</param>
    /// <param name="dialect">Whose.</param>
    /// <param name="warn">Told of what the dialect cannot say.</param>
    /// <exception cref="BadInputException">The fixture holds no http responses.</exception>
    public static string Write(FixtureFolder fixture, WireMockDialect dialect, Action<string> warn)
    {
        var index = new FixtureIndex(fixture);
        if (index.Responses.Count == 0)
            throw new BadInputException($"{fixture.Path}: holds no http responses to convert; they lie in its folder http/");
        JsonNode mappings = dialect == WireMockDialect.WireMock ? WireMockWriter.Write(index) : WireMockNetWriter.Write(index, warn);
        return mappings.ToJsonString(s_indented) + "\n";
    }

    /// <summary>The mappings of a file of WireMock, or of WireMock.Net, as the text of a file of a fixture's folder <c>http/</c>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="baseUrl">The host of mappings that name none; null where each must.</param>
    /// <param name="warn">Told of what the file's own server does otherwise.</param>
    /// <exception cref="BadInputException">
    /// It is no mapping file, or holds what a fixture cannot say; the message names the place.
    /// </exception>
    public static string Read(string file, Uri? baseUrl, Action<string> warn)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonBytes.Of(file), new JsonDocumentOptions { MaxDepth = 128 });
            var json = new MappingJson(file, baseUrl);
            var net = WireMockNetReader.Recognises(document.RootElement);
            var responses = new HttpResponseFile(
                $"Converted from the {(net ? "WireMock.Net" : "WireMock")} mappings of {Path.GetFileName(file)}.",
                [
                    .. net
                        ? WireMockNetReader.Read(document.RootElement, json, line => warn($"{file}: {line}"))
                        : WireMockReader.Read(document.RootElement, json),
                ]
            );
            return JsonSerializer.Serialize(responses, FixtureJson.Relaxed.HttpResponseFile) + "\n";
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not JSON: expected a mapping file of WireMock or WireMock.Net",
                e
            );
        }
    }
}
