namespace ReplayHarness.Fixtures;

/// <summary>A message of a request to the model.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Text">What it says, or null.</param>
internal sealed record RecordedMessage(string Role, string? Text = null)
{
    /// <summary>The ids of the calls that it asks for, or whose results it tells; null for none.</summary>
    public IReadOnlyList<string>? Calls { get; init; }

    /// <summary>The first that a user says behind the last answer; null where there is none.</summary>
    public static RecordedMessage? FirstAsked(IReadOnlyList<RecordedMessage> messages)
    {
        var last = messages.Count - 1;
        while (last >= 0 && messages[last].Role != "assistant")
            last--;
        return messages.Skip(last + 1).FirstOrDefault(m => m.Role == "user");
    }
}
