namespace ReplayHarness.Replays.Answers;

/// <summary>A call that an answer of the model asked for.</summary>
/// <param name="CallId">Its id.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments, canonical JSON.</param>
/// <param name="Turn">The turn that asked for it, from 1.</param>
internal sealed record AskedCall(string CallId, string Tool, string Arguments, int Turn)
{
    /// <summary>Whether a later request told the model anything of it.</summary>
    public bool IsTold { get; set; }

    /// <summary>Names it for people.</summary>
    public override string ToString() => $"{Tool} {Arguments}";
}
