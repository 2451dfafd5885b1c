namespace VerifyTests;

/// <summary>What was received is not what was verified.</summary>
public class VerifyException(string message) : Exception(message);
