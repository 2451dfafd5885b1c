using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Cli;

/// <summary>A trace is data: no text of it becomes code of the test that is written from it.</summary>
public sealed class HostileNewTests
{
    private static readonly string[] s_hostile =
    [
        "x\npublic static class Evil { }\n///",
        "x\r\npublic static class Evil1 { }",
        "*/ public static class Evil2 { } /*",
        "\u2028public static class Evil3 { }",
        "\u2029public static class Evil4 { }",
        "\u0085public static class Evil5 { }",
        "\n#if false\n",
        "\n#error evil\n",
        "\n#pragma warning disable\n",
        "</summary><summary>&evil;]]><!--",
        "\"\"\" + Evil() + \"\"\"",
        "\\\" } } public static class Evil6 { { {",
        "\\u000apublic static class Evil7 { }",
        "$NAMESPACE $NAME $INCIDENT $SHAPE {0} ${evil} `evil` $(evil)",
        "\u202Eevil\u2066\uFEFF\0\u001b[2J\uFFFF",
    ];

    [Test]
    public async Task Hostile_texts_of_a_trace_stay_text()
    {
        using var folder = new TempFolder();
        var trace = Path.Combine(folder.Path, "trace.jsonl");
        using (var output = File.Create(trace))
            OtlpJson.Write(output, [Run()]);
        var project = Path.Combine(folder.Path, "It's $(Agent)");
        var result = await Tool.RunAsync("new", "hostile", "--from", trace, "--trace", RunBuilder.TraceId, "--agent", project);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            result.Output,
            Does.Contain($"next: dotnet test --project '{project.Replace("'", "'\\''", StringComparison.Ordinal)}'\n")
        );

        var tests = await File.ReadAllTextAsync(Path.Combine(project, "hostile", "HostileTests.cs"));
        Assert.That(tests, Does.Contain(@"x\u000Apublic static class Evil { }\u000A///"), "the hostile texts are in it");
        // MSBuild reads a folder's name as a property.
        var build = Path.Combine(folder.Path, "build");
        Directory.Move(project, build);
        Assert.That(Compiled(build), Is.EquivalentTo(new[] { "Deployed", "HostileTests" }));
        Ran(build);
    }

    // What was written stands in for the agent, so its tests fail; they say why in the trace's words.
    private static void Ran(string build)
    {
        var (code, text) = Component.Run("dotnet", "exec", Path.Combine(build, "out", "Hostile.dll"), "--no-ansi");
        Assert.That(code, Is.EqualTo(2), text);
        Assert.That(text, Does.Contain("failed: 2").And.Contain(@"x\npublic static class Evil"));
        HostileTextTests.IsHarmless(text);
    }

    private static Trace Run()
    {
        var run = new RunBuilder
        {
            RootName = s_hostile[0],
            RootError = (s_hostile[1], s_hostile[2]),
            StopReason = s_hostile[3],
            Workflow = s_hostile[4],
        };
        // One after another: their orders are not what is tried here.
        foreach (var (text, i) in s_hostile.Select((t, i) => (t, i)))
            run.Model(2 * i, 1).Tool(text, (2 * i) + 1, 1, (s_hostile[^(i + 1)], text), arguments: $"{{\"a\":\"{i}\"}}");
        return run.Build();
    }

    // With comments checked as documentation, so that one that does not end where it should is an error.
    private static string[] Compiled(string build)
    {
        foreach (var file in Directory.GetFiles(build, "*.csproj"))
            File.Delete(file);
        File.WriteAllText(
            Path.Combine(build, "Program.cs"),
            """
            var builder = await Microsoft.Testing.Platform.Builder.TestApplication.CreateBuilderAsync(args);
            NUnit.VisualStudio.TestAdapter.TestingPlatformAdapter.TestingPlatformBuilderHook.AddExtensions(builder, args);
            using var application = await builder.BuildAsync();
            return await application.RunAsync();
            """
        );
        var references = string.Concat(
            Directory.GetFiles(Data.Root, "*.dll").Where(IsManaged).Select(f => $"<Reference Include=\"{f}\" />")
        );
        File.WriteAllText(
            Path.Combine(build, "Hostile.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <GenerateDocumentationFile>true</GenerateDocumentationFile>
                <WarningsAsErrors>CS1570</WarningsAsErrors>
                <RestoreSources>{build}</RestoreSources>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                {references}
                <None Include="{Data.Root}/ReplayHarness.Host.*.json" CopyToOutputDirectory="Always" />
              </ItemGroup>
            </Project>
            """
        );
        var (code, text) = Component.Run("dotnet", "build", build, "-v", "q", "--nologo", "-o", Path.Combine(build, "out"));
        Assert.That(code, Is.Zero, text);
        using var assembly = new PEReader(File.OpenRead(Path.Combine(build, "out", "Hostile.dll")));
        var metadata = assembly.GetMetadataReader();
        return
        [
            .. metadata
                .TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(t =>
                    t.Namespace.IsNil is false && metadata.GetString(t.Namespace).StartsWith("Replays", StringComparison.Ordinal)
                    || metadata.GetString(t.Name).Contains("Evil", StringComparison.Ordinal)
                )
                .Select(t => metadata.GetString(t.Name)),
        ];
    }

    private static bool IsManaged(string file)
    {
        try
        {
            System.Reflection.AssemblyName.GetAssemblyName(file);
            return Path.GetFileName(file) is not "ReplayHarness.Tests.dll";
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
