namespace ReplayHarness.Shapes;

/// <summary>
/// The tools by which an agent hands a question to another: a framework makes them itself, and runs none. Agent Framework says
/// <c>handoff_to_NAME</c>, OpenAI's and LangGraph's agents <c>transfer_to_NAME</c>.
/// </summary>
internal static class HandOffNames
{
    private static readonly string[] s_prefixes = ["handoff_to_", "transfer_to_"];

    /// <summary>True for the name of such a tool.</summary>
    public static bool Is(string tool) => s_prefixes.Any(p => tool.StartsWith(p, StringComparison.Ordinal));
}
