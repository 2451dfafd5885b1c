using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace WebDesk;

/// <summary>
/// The seats of one request's customer. It does one thing at a time; one that is queued lets the next one wait for it.
/// </summary>
public sealed class SeatStore(IHttpClientFactory clients, IConfiguration settings) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly bool _queued = settings.GetValue<bool>("Seats:Queued");
    private int _busy;

    public async Task<string> FindAsync(string train, CancellationToken cancellationToken)
    {
        if (_queued)
            await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(train, cancellationToken);
        }
        finally
        {
            if (_queued)
                _turn.Release();
        }
    }

    private async Task<string> AskAsync(string train, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            throw new InvalidOperationException("A second search was started on this store before the first one had ended.");
        try
        {
            var http = clients.CreateClient("seats");
            return await http.GetStringAsync(new Uri($"seats/{Uri.EscapeDataString(train)}", UriKind.Relative), cancellationToken);
        }
        finally
        {
            _busy = 0;
        }
    }

    public void Dispose() => _turn.Dispose();
}

/// <summary>The agent that answers one request.</summary>
public sealed class SeatDesk(IChatClient chat, SeatStore seats)
{
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(FindSeatAsync, "find_seat")] };
        var answer = await chat.GetResponseAsync([new(ChatRole.User, question)], options, cancellationToken);
        return answer.Text;
    }

    [Description("A free seat of a train.")]
    private Task<string> FindSeatAsync([Description("The train")] string train, CancellationToken cancellationToken) =>
        seats.FindAsync(train, cancellationToken);
}
