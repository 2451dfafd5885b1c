using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Benchmarks.Watching;

/// <summary>
/// Failed runs as they come, piece by piece: each piece holds one shape that is new, and failures of those before it. Every tenth piece
/// begins a release. The same numbers give the same files.
/// </summary>
/// <param name="folder">The folder of the pieces, <c>001.jsonl</c> and so on.</param>
internal sealed class FailureFolder(string folder)
{
    private const long Second = 1_000_000_000,
        Start = 1_790_000_000 * Second;

    private const int RunsInPiece = 20,
        PiecesInRelease = 10;

    private static readonly string[] s_errors = ["System.TimeoutException", "System.IO.IOException", "System.FormatException"];

    private int _runs;

    /// <summary>Writes it.</summary>
    public void Write(int pieces)
    {
        Directory.CreateDirectory(folder);
        for (var piece = 1; piece <= pieces; piece++)
        {
            using var output = File.Create(Path.Combine(folder, $"{piece.ToString("000", CultureInfo.InvariantCulture)}.jsonl"));
            OtlpJson.Write(output, [.. Enumerable.Range(0, RunsInPiece).Select(i => Failed(Math.Max(0, piece - 1 - i), piece))]);
        }
    }

    private Trace Failed(int shape, int piece)
    {
        var id = (++_runs).ToString("x32", CultureInfo.InvariantCulture);
        var start = Start + (_runs * Second);
        var error = s_errors[shape % s_errors.Length];
        var resource = Set(("service.name", "agent"), ("service.version", $"1.{piece / PiecesInRelease}"));
        return new(
            id,
            [
                Span("01", null, "invoke_agent mail", 0, 30, error, ("gen_ai.operation.name", "invoke_agent")),
                Span("02", "01", "chat model", 0, 1, null, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "model")),
                Span(
                    "03",
                    "01",
                    "execute_tool",
                    1,
                    29,
                    error,
                    ("gen_ai.operation.name", "execute_tool"),
                    ("gen_ai.tool.name", $"tool_{shape.ToString(CultureInfo.InvariantCulture)}"),
                    ("gen_ai.tool.call.arguments", """{"path":"a"}""")
                ),
            ]
        );

        Span Span(string own, string? parent, string name, int from, int seconds, string? failure, params (string, string)[] attributes) =>
            new(id, SpanId(own)!, SpanId(parent), name, start + (from * Second / 100), start + ((from + seconds) * Second / 100))
            {
                Attributes = Set(attributes),
                Resource = resource,
                Status = failure is null ? SpanStatus.Ok : SpanStatus.Error,
                StatusMessage = failure,
                Events = failure is null
                    ? []
                    :
                    [
                        new(
                            "exception",
                            start + (from + seconds) * Second / 100,
                            Set(("exception.type", failure), ("exception.message", "failed"))
                        ),
                    ],
            };
    }

    private static string? SpanId(string? own) => own?.PadLeft(16, '0');

    private static AttributeSet Set(params (string Name, string Value)[] items) =>
        new([.. items.Select(i => KeyValuePair.Create(i.Name, (object?)i.Value))]);
}
