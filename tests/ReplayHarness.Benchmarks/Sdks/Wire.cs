using System.Net;
using System.Text;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks.Sdks;

/// <summary>A model endpoint in this process: every request is an operation of the kernel, answered by a script.</summary>
internal sealed class Wire(Kernel kernel, Func<string, int, (HttpStatusCode Status, string Body)> script) : HttpMessageHandler
{
    private int _requests;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var (status, answer) = script(body, ++_requests);
        await kernel.Issue("http", TimeSpan.FromSeconds(1), static () => 0, token: cancellationToken).Task;
        return new HttpResponseMessage(status)
        {
            RequestMessage = request,
            Content = new StringContent(answer, Encoding.UTF8, "application/json"),
        };
    }
}

/// <summary>
/// The tools of every SDK's agent: each call is an operation of the kernel; which one answered first in the last turn is the outcome.
/// </summary>
internal sealed class Tools(Kernel kernel)
{
    private int _turn;

    public int First { get; private set; } = -1;

    public void NextTurn() => (_turn, First) = (_turn + 1, -1);

    public async Task<string> CallAsync(int tool, string arguments)
    {
        await kernel.Issue($"t{_turn}.{tool} {arguments}", TimeSpan.FromSeconds(1 + (0.1 * tool)), static () => 0).Task;
        if (First < 0)
            First = tool;
        return $"r{tool}";
    }

    /// <summary>How often a text occurs.</summary>
    public static int Count(string text, string part) =>
        (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;
}
