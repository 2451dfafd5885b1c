using System.Runtime.CompilerServices;
using NUnit.Framework.Interfaces;
using ReplayHarness.Running;

namespace ReplayHarness.NUnit;

/// <summary>Tests of agents in the test's own assembly: the drivers that <c>expected.json</c> names.</summary>
/// <inheritdoc cref="CasesAttribute"/>
/// <param name="sourceFile">The test's source file; the compiler fills it in.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReplayCasesAttribute([CallerFilePath] string sourceFile = "") : CasesAttribute(sourceFile)
{
    internal override Agent AgentOf(ExpectedAgent expected, IMethodInfo method) =>
        Running.Agent.InAssembly(method.TypeInfo.Assembly.Location, expected.Driver);
}
