namespace ReplayHarness.Traces.Containers;

/// <summary>Where a value stands in the input.</summary>
/// <param name="Source">The file, or what messages call the stream.</param>
/// <param name="Line">The line, from 1, or null for a document over many lines.</param>
/// <param name="Path">The JSON path.</param>
internal readonly record struct Place(string Source, long? Line, string Path)
{
    public Place Item(int index) => this with { Path = $"{Path}[{index}]" };

    public Place Member(string name) => this with { Path = name.Length == 0 ? Path : $"{Path}.{name}" };

    public InputProblem Problem(string message) => new(Source, Line, null, Path, message);
}
