using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Diagnosis.Logs;

/// <summary>
/// Reads logs: objects of JSON one a line, OTLP logs (JSON), a list of either, or flat text that begins with a time; compressed with gzip
/// or not.
/// </summary>
public static class LogFiles
{
    private const int MaxDocument = 256 << 20;

    // Loggers keep what the program said in an object of its own.
    private static readonly string[] s_inner = ["attributes", "fields", "extra", "context", "labels"];

    /// <summary>The records of a source as they are read.</summary>
    /// <param name="source">A file, a glob, or <c>-</c> for standard input.</param>
    /// <param name="problems">Told of each line that could not be read; the others are.</param>
    /// <exception cref="BadInputException">There is no such file, or it holds no log.</exception>
    public static IEnumerable<LogRecord> Read(string source, Action<InputProblem> problems)
    {
        foreach (var file in TraceFiles.Files(source))
        {
            var any = false;
            foreach (var record in ReadFile(file, problems))
            {
                any = true;
                yield return record;
            }
            if (!any)
                throw new BadInputException(
                    $"{file}: holds no log record; expected JSON lines ({{\"timestamp\":…, \"run_id\":…, \"event\":…}}), OTLP "
                        + $"logs, or lines that begin with a time (21:31:29 text)"
                );
        }
    }

    private static IEnumerable<LogRecord> ReadFile(string file, Action<InputProblem> problems)
    {
        using var stream = Open(file);
        using var reader = new StreamReader(stream, new UTF8Encoding(false));
        long number = 0;
        foreach (var line in Documents(reader))
        {
            number++;
            if (line is null)
                problems(InputProblem.TooLong(file, number));
            else if (!string.IsNullOrWhiteSpace(line))
                foreach (var record in ReadLine(file, number, line, problems))
                    yield return record;
        }
    }

    // The lines, or the one document that goes over all of them.
    private static IEnumerable<string?> Documents(StreamReader reader)
    {
        using var lines = BoundedLines.Of(reader).GetEnumerator();
        if (!lines.MoveNext())
            yield break;
        if (lines.Current is not { } first || !IsOpenDocument(first))
            yield return lines.Current;
        else
        {
            var all = new StringBuilder(first);
            while (all.Length <= MaxDocument && lines.MoveNext())
                all.Append('\n').Append(lines.Current);
            var text = all.ToString();
            foreach (var part in IsJson(text) ? [text] : text.Split('\n'))
                yield return part;
        }
        while (lines.MoveNext())
            yield return lines.Current;
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text, JsonContainer.Options).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsOpenDocument(string line)
    {
        var text = line.AsSpan().Trim();
        return text.Length > 0 && text[0] is '[' or '{' && text[^1] is not (']' or '}') || text is "[" or "{";
    }

    private static IEnumerable<LogRecord> ReadLine(string file, long number, string line, Action<InputProblem> problems)
    {
        if (line.AsSpan().TrimStart() is not ['{' or '[', ..])
            return FlatLog.Read(file, number, line) is { } flat ? [flat] : [];
        try
        {
            using var document = JsonDocument.Parse(line, JsonContainer.Options);
            return [.. Records(file, number, document.RootElement)];
        }
        catch (Exception e) when (e is JsonException or FormatException or WrongFormException || Json.IsNoText(e))
        {
            // Flat text may begin with a bracket: [21:31:29] text.
            if (FlatLog.Read(file, number, line) is { } flat)
                return [flat];
            problems(
                new(
                    file,
                    number,
                    (e as JsonException)?.BytePositionInLine + 1,
                    (e as WrongFormException)?.Path,
                    e is WrongFormException
                        ? $"{e.Message}; the line was left out"
                        : "is no JSON; expected one object a line; the line was left out"
                )
            );
            return [];
        }
    }

    private static IEnumerable<LogRecord> Records(string file, long number, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().SelectMany(item => Records(file, number, item));
        if (value.ValueKind != JsonValueKind.Object)
            return [];
        return OtlpLogs.Recognises(value) ? OtlpLogs.Read(file, number, value) : [RecordOf(file, number, value)];
    }

    private static LogRecord RecordOf(string file, long number, JsonElement value)
    {
        var members = (IReadOnlyDictionary<string, object?>)Json.Value(value)!;
        var inner = s_inner
            .Select(name => members.GetValueOrDefault(name) as IReadOnlyDictionary<string, object?>)
            .Where(m => m is not null)
            .SelectMany(m => m!);
        var attributes = new AttributeSet([.. inner, .. members]);
        return new(file, number, TimeOf(attributes), attributes.Text(KnownNames.Message) ?? "", attributes);
    }

    private static long? TimeOf(AttributeSet attributes)
    {
        foreach (var name in KnownNames.Time)
            if (attributes[name] is { } value)
                return NanosOf(value);
        return null;
    }

    // Numbers are seconds, milliseconds, microseconds or nanoseconds since 1970: their size tells which.
    private static long? NanosOf(object value) =>
        value switch
        {
            string text => Timestamps.TryParse(text, out var nanos) ? nanos : null,
            long n => n switch
            {
                < 100_000_000_000 => n * 1_000_000_000,
                < 100_000_000_000_000 => n * 1_000_000,
                < 100_000_000_000_000_000 => n * 1000,
                _ => n,
            },
            double d when d is > 0 and < 1e11 => (long)(d * 1e9),
            _ => null,
        };

    private static Stream Open(string file)
    {
        var stream = file == "-" ? Console.OpenStandardInput() : TraceFiles.Open(file);
        var head = new byte[2];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new Prefixed(head.AsMemory(0, length), stream);
        return head is [0x1F, 0x8B] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }
}
