using ReplayHarness.Shapes;

namespace ReplayHarness.Tests.Shapes;

/// <summary>Whose arguments an error speaks of: the model's are those of the tool.</summary>
public sealed class ErrorClassTests
{
    [TestCase("System.ArgumentException", "An item with the same key has already been added. Key: rates", "other:ArgumentException")]
    [TestCase(
        "System.ArgumentException",
        "An item with the same key has already been added. Key: a (Parameter 'key')",
        "other:ArgumentException"
    )]
    [TestCase("ArgumentException", "Destination is too short. (Parameter 'destination')", "other:ArgumentException")]
    [TestCase("System.ArgumentException", "The handle is not open.", "other:ArgumentException")]
    [TestCase("System.ArgumentException", "No such currency. (Parameter 'currency')", "invalid-arguments")]
    [TestCase(
        "System.ArgumentException",
        "The arguments dictionary is missing a value for the required parameter 'city'. (Parameter 'arguments')",
        "invalid-arguments"
    )]
    [TestCase("Microsoft.SemanticKernel.KernelException", "Missing argument for function parameter 'currency'.", "invalid-arguments")]
    [TestCase("java.lang.IllegalArgumentException", "no", "invalid-arguments")]
    [TestCase("ValidationError", "id: required", "invalid-arguments")]
    [TestCase("InvalidArgument", "id", "invalid-arguments")]
    public void Arguments(string type, string message, string errorClass) =>
        Assert.That(ErrorClass.Of(new(type, message)), Is.EqualTo(errorClass));
}
