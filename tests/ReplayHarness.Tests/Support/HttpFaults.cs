namespace ReplayHarness.Tests.Support;

/// <summary>Authored responses of every kind: faults, pieces, headers, states.</summary>
internal static class HttpFaults
{
    /// <summary>Adds them to a fixture.</summary>
    public static void Write(string fixture)
    {
        Directory.CreateDirectory(Path.Combine(fixture, "http"));
        File.WriteAllText(
            Path.Combine(fixture, "http", "faults.json"),
            $$"""
            {
              "provenance": "Authored for a test.",
              "responses": [
                {{Response("no-answer", "\"fault\": \"no-answer\"")}},
                {{Response("connection-reset", "\"fault\": \"connection-reset\"")}},
                {{Response("empty-response", "\"fault\": \"empty-response\"")}},
                {{Response("malformed-response", "\"fault\": \"malformed-response\"")}},
                {{Response(
                "dribbled",
                "\"body\": \"in four pieces\", \"headers\": { \"x-kind\": \"slow\" }, \"dribble\": { \"pieces\": 4, \"seconds\": 1 }"
            )}},
                {{Response(
                    "state",
                    "\"body\": \"not yet\", \"scenario\": { \"name\": \"warming\", \"requires\": \"Started\", \"becomes\": \"warm\" }"
                ).Replace("200", "503", StringComparison.Ordinal)}},
                {{Response("state", "\"body\": \"now\", \"scenario\": { \"name\": \"warming\", \"requires\": \"warm\" }")}}
              ]
            }
            """
        );
    }

    private static string Response(string path, string more) =>
        $$"""{ "method": "GET", "url": "http://faults.example/{{path}}", "status": 200, "latencySeconds": 0.1, "contentType": "text/plain", {{more}} }""";
}
