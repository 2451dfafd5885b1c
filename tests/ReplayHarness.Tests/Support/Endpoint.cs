using System.Collections.Specialized;
using System.Net;
using System.Text;

namespace ReplayHarness.Tests.Support;

/// <summary>A request as an endpoint sees it.</summary>
internal sealed record Asked(string Path, NameValueCollection Query, string Body, NameValueCollection Headers);

/// <summary>An answer; 200 unless it says otherwise.</summary>
internal sealed record Answer(string Body, int Status = 200, string? RetryAfter = null);

/// <summary>A store of one shape on loopback, for as long as a test lasts.</summary>
internal sealed class Endpoint : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<Asked, Answer> _answer;

    public Endpoint(Func<Asked, Answer> answer)
    {
        _answer = answer;
        Url = $"http://127.0.0.1:{Component.FreePort()}";
        // Who asked may have been killed meanwhile.
        _listener.IgnoreWriteExceptions = true;
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public List<Asked> Requests { get; } = [];

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var asked = new Asked(
                    context.Request.Url!.AbsolutePath,
                    context.Request.QueryString,
                    await reader.ReadToEndAsync(),
                    context.Request.Headers
                );
                lock (Requests)
                    Requests.Add(asked);
                var answer = _answer(asked);
                context.Response.StatusCode = answer.Status;
                if (answer.RetryAfter is not null)
                    context.Response.AddHeader("Retry-After", answer.RetryAfter);
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }
}
