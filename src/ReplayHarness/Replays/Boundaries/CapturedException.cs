namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// What is thrown for an exception of .NET whose type is not there. Which types it derives from is not known, so no clause may catch it but
/// one that catches every exception: a relative would be caught by clauses that never caught the real one.
/// </summary>
internal sealed class CapturedException(string message, Exception? inner = null) : Exception(message, inner);
