using System.Globalization;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Traces;

/// <summary>A part of the input that could not be read as it stands; the rest was.</summary>
/// <param name="Source">The file, or - for standard input.</param>
/// <param name="Line">The line, from 1, or null.</param>
/// <param name="Column">The byte in the line, from 1, or null.</param>
/// <param name="Place">Where within: a JSON path, or the number of a byte of the file; or null.</param>
/// <param name="Message">What was found, what was expected, what was done.</param>
public sealed record InputProblem(string Source, long? Line, long? Column, string? Place, string Message)
{
    /// <summary>A line that was left out because of its length.</summary>
    internal static InputProblem TooLong(string source, long line) =>
        new(source, line, null, null, $"the line is longer than {BoundedLines.MaxLine >> 20} MiB, the most that is read; it was left out");

    /// <summary><c>FILE:LINE:COLUMN: PATH: message</c>, without what is not known.</summary>
    public override string ToString()
    {
        var line = Line is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{Line}");
        var column = Column is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{Column}");
        return $"{Source}{line}{column}: {(Place is null ? "" : Place + ": ")}{Message}";
    }
}

/// <summary>What a source holds.</summary>
/// <param name="Traces">The traces, by earliest start, then by id.</param>
/// <param name="Problems">What could not be read, in order of the input.</param>
public sealed record TraceSet(IReadOnlyList<Trace> Traces, IReadOnlyList<InputProblem> Problems);
