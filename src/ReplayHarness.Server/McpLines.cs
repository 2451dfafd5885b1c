using System.Text;
using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Server;

/// <summary>Carries the answers of tools over MCP on lines of standard input and output.</summary>
internal sealed class McpLines(Served served)
{
    // Answers that complete at once must not mix.
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Serves one client until its input ends; calls are answered as they complete.</summary>
    public async Task ServeAsync(TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        List<Task> open = [];
        while (await input.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            if (!string.IsNullOrWhiteSpace(line))
                open.Add(AnswerAsync(line, output, cancellationToken));
        await Task.WhenAll(open).ConfigureAwait(false);
    }

    private Task AnswerAsync(string line, TextWriter output, CancellationToken cancellationToken)
    {
        var answer = McpAnswers.Of(served.Context, Encoding.UTF8.GetBytes(line));
        Task Send(Outcome outcome) => WriteAsync(((Sent)outcome).Body, output, cancellationToken);
        return answer.Call is null ? Send(answer.Delivered) : served.Responder.AnswerAsync(answer, Send, cancellationToken);
    }

    private async Task WriteAsync(byte[] message, TextWriter output, CancellationToken cancellationToken)
    {
        // A notification has no answer.
        if (message.Length == 0)
            return;
        var text = Encoding.UTF8.GetString(message) + "\n";
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await output.WriteAsync(text.AsMemory(), cancellationToken).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
