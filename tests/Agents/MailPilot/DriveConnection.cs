namespace MailPilot;

/// <summary>Sends requests to the drive and gives back the bodies of their replies.</summary>
public interface IDriveConnection
{
    Task<string> SendAsync(string path, CancellationToken cancellationToken);
}

/// <summary>
/// A connection to the drive. The reply to the request that was sent last is handed to whoever waits in the slot; a reply to a request that
/// nobody waits for any more is dropped.
/// </summary>
public sealed class DriveConnection(HttpClient http, TimeProvider time, TimeSpan timeout) : IDriveConnection
{
    private Slot? _slot;

    private sealed record Slot(string Path, TaskCompletionSource<string> Reply);

    public async Task<string> SendAsync(string path, CancellationToken cancellationToken)
    {
        var slot = new Slot(path, new TaskCompletionSource<string>());
        _slot = slot;
        _ = ReceiveAsync(path, cancellationToken);
        return await slot.Reply.Task.WaitAsync(timeout, time, cancellationToken);
    }

    private async Task ReceiveAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var body = await http.GetStringAsync(path, cancellationToken);
            if (_slot?.Path == path)
                _slot.Reply.TrySetResult(body);
        }
        catch (Exception e)
        {
            if (_slot?.Path == path)
                _slot.Reply.TrySetException(e);
        }
    }
}
