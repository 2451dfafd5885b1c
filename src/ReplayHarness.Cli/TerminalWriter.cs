using System.Buffers;
using System.Globalization;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>
/// The one way to a terminal: what a trace or a file says cannot move the cursor, set a title, hide or reorder what is read. Control
/// characters, line separators and marks of writing direction are shown as <c>\u001B</c>, which is also what they are in JSON; a terminal's
/// own commands are only those that <see cref="Ink"/> knows.
/// </summary>
internal sealed class TerminalWriter(TextWriter output) : TextWriter(CultureInfo.InvariantCulture)
{
    private static readonly SearchValues<char> s_unseen = SearchValues.Create(
        [
            .. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => c is not ('\n' or '\t') && Unseen.Is(c)),
            Ink.Begin,
            Ink.End,
        ]
    );

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <summary>Puts it before standard output and standard error.</summary>
    public static void Guard()
    {
        Console.SetOut(new TerminalWriter(Console.Out) { NewLine = "\n" });
        Console.SetError(new TerminalWriter(Console.Error) { NewLine = "\n" });
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <summary>Writes one line: a line end within it is shown, too. What has many lines is written by <c>Write</c>.</summary>
    public override void WriteLine(string? value)
    {
        var rest = value.AsSpan();
        // Lines that the caller leaves empty.
        for (; rest.Length > 0 && rest[0] == '\n'; rest = rest[1..])
            output.Write('\n');
        for (int at; (at = rest.IndexOf('\n')) >= 0 && at < rest.TrimEnd('\n').Length; rest = rest[(at + 1)..])
        {
            Write(rest[..at]);
            output.Write("\\n");
        }
        Write(rest);
        output.Write('\n');
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        for (int at; (at = buffer.IndexOfAny(s_unseen)) >= 0; )
        {
            output.Write(buffer[..at]);
            buffer = buffer[at..];
            if (Ink.Command(buffer, out var length) is { } command)
                output.Write(command);
            else
                output.Write(Unseen.Spelt(buffer[0]));
            buffer = buffer[length..];
        }
        output.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Flush() => output.Flush();
}
