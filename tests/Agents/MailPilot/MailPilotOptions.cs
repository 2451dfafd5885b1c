namespace MailPilot;

/// <summary>What a deployment of the agent may choose.</summary>
public sealed record MailPilotOptions
{
    /// <summary>Opens a connection to the drive for every call of a tool instead of sharing one.</summary>
    public bool ConnectionPerCall { get; init; }

    public string Model { get; init; } = "claude-sonnet-4-6";

    public string Instructions { get; init; } = "You are MailPilot. Answer the inbound email from the files in the shared drive.";

    public int MaxSteps { get; init; } = 12;
}
