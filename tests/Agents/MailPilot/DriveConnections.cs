namespace MailPilot;

/// <summary>Gives out the connection that a call of a tool uses.</summary>
public sealed class DriveConnections(IHttpClientFactory http, TimeProvider time, MailPilotOptions options)
{
    public const string HttpClientName = "drive";

    private readonly IDriveConnection _shared = Open(http, time);

    private const int DriveTimeoutSeconds = 60;

    public IDriveConnection Get() => options.ConnectionPerCall ? Open(http, time) : _shared;

    private static DriveConnection Open(IHttpClientFactory http, TimeProvider time) =>
        new(http.CreateClient(HttpClientName), time, TimeSpan.FromSeconds(DriveTimeoutSeconds));
}
