namespace ReplayHarness.Running;

/// <summary>The process that replays ended without an answer: the agent ended it, or it crashed.</summary>
public sealed class HostFailedException(string message) : Exception(message);

/// <summary>A program that is needed is not there: Git, or the .NET SDK.</summary>
public sealed class MissingToolException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>This .NET runtime cannot be controlled: its private parts are not those that the host was tested with.</summary>
public sealed class UncontrollableRuntimeException(string message) : Exception(message);
