using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// A call of a tool that others stand around: middleware, filters, functions that delegate. They may tell the model of an error, try again
/// or hide it, so an error has to come from within.
/// </summary>
/// <param name="innermost">The function whose own code the tool is.</param>
/// <param name="name">The tool.</param>
/// <param name="arguments">Its arguments, canonical JSON.</param>
/// <param name="answer">What the innermost gives when it is invoked first; null where its own code runs.</param>
internal sealed class WrappedCall(object innermost, string name, string arguments, Answer? answer = null)
{
    private Answer? _answer = answer;

    public object Innermost => innermost;

    public string Name => name;

    public string Arguments => arguments;

    /// <summary>Whether the fixture answers, and no code of the tool's own runs.</summary>
    public bool IsMocked { get; } = answer is not null;

    /// <summary>What the innermost threw when it ran last; null where it returned.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The answer; null where it was taken: then the tool is called anew.</summary>
    public Answer? Take() => Interlocked.Exchange(ref _answer, null);

    /// <summary>Runs what stands around the tool.</summary>
    public async Task<T> PassAsync<T>(Func<Task<T>> own)
    {
        KernelCarrier.CurrentWrapped.Value = this;
        return await own();
    }

    /// <summary>Runs the tool's own code, and keeps what it throws.</summary>
    public async Task<T> WatchAsync<T>(Func<Task<T>> own)
    {
        // What it invokes itself is another matter.
        KernelCarrier.CurrentWrapped.Value = null;
        try
        {
            var returned = await own();
            Error = null;
            return returned;
        }
        catch (Exception e)
        {
            Error = e;
            throw;
        }
    }
}
