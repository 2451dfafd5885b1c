using System.Diagnostics;
using System.Net.Http.Json;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Reads a streamed answer piece by piece, a span for each.</summary>
public sealed class ReadsAStream : IReplayDriver
{
    private static readonly ActivitySource s_source = new("reader");

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://model.example/v1/chat/completions")
        {
            Content = JsonContent.Create(
                new
                {
                    model = "m",
                    stream = true,
                    messages = new[] { new { role = "user", content = input.Text } },
                }
            ),
        };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, limit.Token)) > 0; )
            {
                using var piece = s_source.StartActivity("piece");
                piece?.SetTag("bytes", read);
            }
            using var end = s_source.StartActivity("end");
        }
        catch (Exception e)
        {
            using var broken = s_source.StartActivity($"broken by {e.GetType().Name}");
        }
    }
}

/// <summary>Asks for what goes wrong in every way, and notes how it met each.</summary>
public sealed class MeetsFaults : IReplayDriver
{
    private static readonly ActivitySource s_source = new("faults");

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(40) };
        foreach (
            var path in new[]
            {
                "no-answer",
                "connection-reset",
                "empty-response",
                "malformed-response",
                "dribbled",
                "state",
                "state",
                "state",
            }
        )
        {
            using var span = s_source.StartActivity(path)!;
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://faults.example/{path}"), cancellationToken);
                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                var headers = string.Join(",", answer.Headers.Select(h => $"{h.Key}={string.Join('+', h.Value)}"));
                span.SetTag("outcome", $"{(int)answer.StatusCode} {body} {headers}".TrimEnd());
            }
            catch (HttpRequestException e)
            {
                span.SetTag("outcome", $"{e.GetType().Name} {e.HttpRequestError}");
            }
            catch (TaskCanceledException e)
            {
                span.SetTag("outcome", $"{e.GetType().Name} {e.InnerException?.GetType().Name}");
            }
        }
    }
}
