namespace ReplayHarness.Host.Controlled;

/// <summary>What agent code reads from the console: there is nothing. The standard input of this process holds the jobs.</summary>
internal sealed class NoInput : TextReader
{
    /// <inheritdoc/>
    public override int Peek() => Nothing();

    /// <inheritdoc/>
    public override int Read() => Nothing();

    private static int Nothing()
    {
        Uncontrolled.Note("Console.In: what is typed there comes from outside the replay; put it behind a tool");
        return -1;
    }
}
