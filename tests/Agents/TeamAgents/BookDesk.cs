using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace TeamAgents;

/// <summary>
/// A session with a library's catalogue, which remembers one title: the page that comes is that of the title that was sent last. One
/// that is <paramref name="queued"/> asks for one page after the other.
/// </summary>
public sealed class CatalogueSession(HttpClient http, bool queued)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private string _title = "";

    public async Task<string> FindAsync(string title, CancellationToken cancellationToken)
    {
        if (queued)
            await _turn.WaitAsync(cancellationToken);
        try
        {
            _title = title;
            await Task.Yield();
            return await http.GetStringAsync(new Uri($"https://library.example/books/{Uri.EscapeDataString(_title)}"), cancellationToken);
        }
        finally
        {
            if (queued)
                _turn.Release();
        }
    }
}

/// <summary>An agent on Microsoft.Extensions.AI: its pipeline stands in the container, its tools are made where they are used.</summary>
public sealed class BookDesk(IChatClient chat, CatalogueSession catalogue)
{
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(FindBookAsync, "find_book")] };
        var answer = await chat.GetResponseAsync([new(ChatRole.User, question)], options, cancellationToken);
        return answer.Text;
    }

    [Description("Where a book stands.")]
    private Task<string> FindBookAsync([Description("Its title")] string title, CancellationToken cancellationToken) =>
        catalogue.FindAsync(title, cancellationToken);
}
