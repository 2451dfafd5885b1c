using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Server;

/// <summary>The agent that is served now.</summary>
/// <param name="Context">How far the recording was played to it.</param>
/// <param name="Responder">When answers come.</param>
internal sealed record Served(ReplayContext Context, IResponder Responder);
