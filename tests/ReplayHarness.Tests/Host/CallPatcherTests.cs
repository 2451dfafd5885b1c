using System.Runtime.Loader;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Host.Rewriting.Patching;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Host;

/// <summary>An assembly that is patched in place has the same instructions as one that is taken apart and written anew.</summary>
public sealed class CallPatcherTests
{
    private static readonly string s_beside = TestContext.CurrentContext.TestDirectory;

    // Packages of these names; others are large, and not other in kind. Where tools are invoked, bodies change, and nothing is patched.
    private static IEnumerable<string> Packages =>
        Directory
            .GetFiles(s_beside, "Microsoft.Extensions.*.dll")
            .Concat(Directory.GetFiles(s_beside, "ModelContextProtocol*.dll"))
            .Where(f => !ToolHooks.Has(Path.GetFileNameWithoutExtension(f)));

    private static string Framework => Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!;

    // Those of the framework are compiled ahead of time, packages are not.
    [Test]
    public void What_is_patched_is_as_what_is_written_anew([Values] bool framework)
    {
        var folder = framework ? Framework : s_beside;
        using var target = new TempFolder();
        using var rewriter = new AssemblyRewriter(folder, MovedStatics.None);
        var (patched, calls) = (0, 0);
        foreach (var file in framework ? Directory.GetFiles(Framework, "*.dll") : Packages)
        {
            var (ours, whole) = (Path.Combine(target.Path, "ours.dll"), Path.Combine(target.Path, "whole.dll"));
            if (Patch(file, ours) != Patched.Written)
                continue;
            Assert.That(rewriter.TakeApart(file, whole, Caller.Framework), Is.True, file);
            var (expected, actual) = (Methods(whole), Methods(ours));
            Assert.That(actual.Except(expected).FirstOrDefault(), Is.Null, file);
            Assert.That(actual, Has.Count.EqualTo(expected.Count), file);
            patched++;
            calls += actual.Sum(t => t.Split("ReplayHarness.Host.Controlled.").Length - 1);
        }
        Assert.That(patched, Is.GreaterThan(framework ? 40 : 5));
        Assert.That(calls, Is.GreaterThan(patched));
    }

    [Test]
    public void The_runtime_takes_it()
    {
        using var folder = new TempFolder();
        var context = new AssemblyLoadContext("patched", isCollectible: true);
        try
        {
            foreach (var name in (string[])["Microsoft.Extensions.Caching.Memory", "System.Threading.RateLimiting"])
            {
                var file = Path.Combine(folder.Path, name + ".dll");
                Assert.That(Patch(Path.Combine(Framework, name + ".dll"), file), Is.EqualTo(Patched.Written));
                var assembly = context.LoadFromAssemblyPath(file);
                Assert.That(assembly.GetTypes(), Is.Not.Empty);
            }
        }
        finally
        {
            context.Unload();
        }
    }

    [Test]
    public void What_calls_nothing_of_the_kind_is_left()
    {
        using var folder = new TempFolder();
        var target = Path.Combine(folder.Path, "none.dll");
        Assert.That(
            Patch(typeof(object).Assembly.Location.Replace("System.Private.CoreLib", "System.Runtime", StringComparison.Ordinal), target),
            Is.EqualTo(Patched.Nothing)
        );
        Assert.That(File.Exists(target), Is.False);
    }

    private static Patched Patch(string source, string target)
    {
        File.Delete(target);
        return CallPatcher.Patch(source, target, Caller.Framework);
    }

    private static List<string> Methods(string file)
    {
        using var module = ModuleDefinition.ReadModule(file);
        return [.. module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).Select(m => $"{m.FullName}\n{Text(m)}")];
    }

    // One writes a jump short where it can be, the other as it was.
    private static string Text(MethodDefinition method)
    {
        var text = new StringBuilder();
        foreach (var instruction in method.Body.Instructions)
            text.Append(instruction.OpCode.Code.ToString().Replace("_S", "", StringComparison.Ordinal))
                .Append(' ')
                .AppendLine(Operand(method.Body, instruction.Operand));
        return text.ToString();
    }

    private static string? Operand(MethodBody body, object? operand) =>
        operand switch
        {
            Instruction to => $"-> {body.Instructions.IndexOf(to)}",
            Instruction[] to => string.Join(' ', to.Select(t => body.Instructions.IndexOf(t))),
            _ => operand?.ToString(),
        };
}
