using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MailPilot;

/// <summary>
/// A connection to the drive with blocking calls, for one thread at a time. It remembers which reply is awaited; another reply is dropped.
/// </summary>
public sealed class BlockingDriveConnection(HttpClient http, TimeProvider time, TimeSpan timeout)
{
    private string? _awaited;

    public string Send(string path, CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        _awaited = path;
        var body = http.GetStringAsync(path, cancellationToken).GetAwaiter().GetResult();
        if (_awaited == path)
            return body;
        // Its reply was dropped: it waits for as long as it would for any.
        Task.Delay(timeout - time.GetElapsedTime(sent), time, cancellationToken).GetAwaiter().GetResult();
        throw new TimeoutException("The operation has timed out.");
    }
}

/// <summary>The tools over blocking calls: each runs on a thread of the pool from beginning to end, and awaits nothing there.</summary>
public static class ThreadedDriveTools
{
    public static IReadOnlyList<AIFunction> Create(Func<BlockingDriveConnection> connect) =>
        [
            AIFunctionFactory.Create(
                [Description("Searches the shared drive for markdown files.")]
                (string query, CancellationToken cancellationToken) =>
                    OnThread(() => JsonElement.Parse(connect().Send($"files?q={Uri.EscapeDataString(query)}", cancellationToken))),
                "search_drive_markdown"
            ),
            AIFunctionFactory.Create(
                [Description("Reads one markdown file.")]
                (string file_id, CancellationToken cancellationToken) => OnThread(() => Read(connect(), file_id, cancellationToken)),
                "read_drive_markdown"
            ),
        ];

    private static Task<object> OnThread(Func<object> work) =>
        Task.Run(() =>
        {
            try
            {
                return work();
            }
            catch (HttpRequestException e)
            {
                return $"The drive answered with an error: {e.Message}";
            }
        });

    private static string Read(BlockingDriveConnection drive, string fileId, CancellationToken cancellationToken)
    {
        var metadata = JsonElement.Parse(drive.Send($"files/{Uri.EscapeDataString(fileId)}", cancellationToken));
        return drive.Send(metadata.GetProperty("contentLink").GetString()!, cancellationToken);
    }
}
