using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MailPilot;

/// <summary>The tools the model may call: search the shared drive, read one of its files.</summary>
public static class DriveTools
{
    public static IReadOnlyList<AIFunction> Create(Func<IDriveConnection> connect) =>
        [
            AIFunctionFactory.Create(
                [Description("Searches the shared drive for markdown files.")]
                (string query, CancellationToken cancellationToken) => SearchAsync(connect(), query, cancellationToken),
                "search_drive_markdown"
            ),
            AIFunctionFactory.Create(
                [Description("Reads one markdown file.")]
                (string file_id, CancellationToken cancellationToken) => ReadAsync(connect(), file_id, cancellationToken),
                "read_drive_markdown"
            ),
        ];

    private static async Task<object> SearchAsync(IDriveConnection drive, string query, CancellationToken cancellationToken)
    {
        try
        {
            return JsonElement.Parse(await drive.SendAsync($"files?q={Uri.EscapeDataString(query)}", cancellationToken));
        }
        catch (HttpRequestException e)
        {
            return $"The drive answered with an error: {e.Message}";
        }
    }

    // Two requests: the file's metadata names the link of its content.
    private static async Task<string> ReadAsync(IDriveConnection drive, string fileId, CancellationToken cancellationToken)
    {
        try
        {
            var metadata = JsonElement.Parse(await drive.SendAsync($"files/{Uri.EscapeDataString(fileId)}", cancellationToken));
            return await drive.SendAsync(metadata.GetProperty("contentLink").GetString()!, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return $"The drive answered with an error: {e.Message}";
        }
    }
}
