using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Evidence;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Evidence;

/// <summary>
/// What an agent's hash must tell apart: each change below may change what a replay shows, and none of them is an instruction of a method
/// that the driver is seen to call.
/// </summary>
public sealed class AgentHashTests
{
    [TestCase("an attribute, such as a tool's description")]
    [TestCase("what an attribute is given")]
    [TestCase("a file within the assembly, such as a prompt")]
    [TestCase("the default of a parameter")]
    [TestCase("the name of a parameter")]
    [TestCase("an interface without members")]
    [TestCase("where a native method lies")]
    [TestCase("what an initializer of the module does")]
    [TestCase("a type that only an attribute names")]
    [TestCase("a type that is found by its name")]
    [TestCase("a type that a package looks for in the assembly")]
    [TestCase("an assembly that nobody names")]
    public void What_may_change_a_replay_changes_the_hash(string what)
    {
        using var folder = new TempFolder();
        var agent = new MadeAgent(folder.Path);
        var before = agent.Build(what, isChanged: false);
        Assert.That(agent.Build(what, isChanged: false), Is.EqualTo(before), "built again");
        Assert.That(agent.Build(what, isChanged: true), Is.Not.EqualTo(before));
    }

    [TestCase("a type that nobody names")]
    [TestCase("the commit in the version")]
    public void What_no_driver_reaches_does_not(string what)
    {
        using var folder = new TempFolder();
        var agent = new MadeAgent(folder.Path);
        Assert.That(agent.Build(what, isChanged: true), Is.EqualTo(agent.Build(what, isChanged: false)));
    }

    // An assembly with a driver, its helper, and a type that nothing names.
    private sealed class MadeAgent(string folder)
    {
        public string Build(string what, bool isChanged)
        {
            var file = Path.Combine(folder, "Agent.dll");
            using (var module = ModuleDefinition.CreateModule("Agent", new ModuleParameters { Kind = ModuleKind.Dll }))
            {
                var apart = Type(module, "Apart");
                var driver = Type(module, "Driver");
                var run = Method(driver, "Run", "runs");
                Method(apart, "Do", what.StartsWith("a type", StringComparison.Ordinal) && isChanged ? "else" : "this");
                Change(what, isChanged, module, driver, run, apart);
                run.Body.GetILProcessor().Emit(OpCodes.Ret);
                module.Write(file);
            }
            return AgentHash.Of(file, "Driver");
        }

        private void Change(
            string what,
            bool isChanged,
            ModuleDefinition module,
            TypeDefinition driver,
            MethodDefinition run,
            TypeDefinition apart
        )
        {
            var il = run.Body.GetILProcessor();
            var text = isChanged ? "after" : "before";
            switch (what)
            {
                case "an attribute, such as a tool's description":
                    if (isChanged)
                        run.CustomAttributes.Add(Described(module, "d"));
                    break;
                case "what an attribute is given":
                    run.CustomAttributes.Add(Described(module, text));
                    break;
                case "a file within the assembly, such as a prompt":
                    module.Resources.Add(
                        new EmbeddedResource("prompt.txt", ManifestResourceAttributes.Public, System.Text.Encoding.UTF8.GetBytes(text))
                    );
                    break;
                case "the default of a parameter":
                    run.Parameters.Add(
                        new("limit", ParameterAttributes.Optional | ParameterAttributes.HasDefault, module.TypeSystem.Int32)
                        {
                            Constant = isChanged ? 2 : 1,
                        }
                    );
                    break;
                case "the name of a parameter":
                    run.Parameters.Add(new(text, ParameterAttributes.None, module.TypeSystem.Int32));
                    break;
                case "an interface without members":
                    if (isChanged)
                        driver.Interfaces.Add(new(module.ImportReference(typeof(System.Collections.IEnumerable))));
                    break;
                case "where a native method lies":
                    var native = new MethodDefinition(
                        "Native",
                        MethodAttributes.Static | MethodAttributes.PInvokeImpl,
                        module.TypeSystem.Void
                    );
                    var library = new ModuleReference(text);
                    module.ModuleReferences.Add(library);
                    native.PInvokeInfo = new(PInvokeAttributes.NoMangle, "f", library);
                    driver.Methods.Add(native);
                    break;
                case "what an initializer of the module does":
                    var first = Method(module.Types.Single(t => t.Name == "<Module>"), ".cctor", text);
                    first.Attributes = MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
                    first.Body.GetILProcessor().Emit(OpCodes.Ret);
                    break;
                case "a type that only an attribute names":
                    run.CustomAttributes.Add(Converter(module, apart));
                    break;
                case "a type that is found by its name":
                    il.Emit(OpCodes.Ldstr, "Apart");
                    il.Emit(OpCodes.Call, module.ImportReference(typeof(Type).GetMethod("GetType", [typeof(string)])));
                    il.Emit(OpCodes.Pop);
                    break;
                case "a type that a package looks for in the assembly":
                    il.Emit(OpCodes.Ldnull);
                    il.Emit(OpCodes.Call, module.ImportReference(typeof(AgentHashTests).GetMethod(nameof(Scan))));
                    break;
                case "an assembly that nobody names":
                    using (var plugin = ModuleDefinition.CreateModule("Plugin", new ModuleParameters { Kind = ModuleKind.Dll }))
                    {
                        Method(Type(plugin, "Plugin"), "Do", text).Body.GetILProcessor().Emit(OpCodes.Ret);
                        plugin.Write(Path.Combine(folder, "Plugin.dll"));
                        File.WriteAllText(Path.Combine(folder, "Plugin.pdb"), "");
                    }
                    break;
                case "the commit in the version":
                    var version = module.ImportReference(
                        typeof(System.Reflection.AssemblyInformationalVersionAttribute).GetConstructor([typeof(string)])
                    );
                    module.Assembly.CustomAttributes.Add(
                        new(version) { ConstructorArguments = { new(module.TypeSystem.String, "1.0+" + text) } }
                    );
                    break;
            }
        }

        private static TypeDefinition Type(ModuleDefinition module, string name)
        {
            var type = new TypeDefinition("", name, TypeAttributes.Public | TypeAttributes.Class, module.TypeSystem.Object);
            module.Types.Add(type);
            return type;
        }

        private static MethodDefinition Method(TypeDefinition type, string name, string text)
        {
            var method = new MethodDefinition(name, MethodAttributes.Public | MethodAttributes.Static, type.Module.TypeSystem.Void);
            var il = method.Body.GetILProcessor();
            il.Emit(OpCodes.Ldstr, text);
            il.Emit(OpCodes.Pop);
            type.Methods.Add(method);
            return method;
        }

        private static CustomAttribute Described(ModuleDefinition module, string text) =>
            new(module.ImportReference(typeof(System.ComponentModel.DescriptionAttribute).GetConstructor([typeof(string)])))
            {
                ConstructorArguments = { new(module.TypeSystem.String, text) },
            };

        private static CustomAttribute Converter(ModuleDefinition module, TypeDefinition type) =>
            new(module.ImportReference(typeof(System.ComponentModel.TypeConverterAttribute).GetConstructor([typeof(Type)])))
            {
                ConstructorArguments = { new(module.ImportReference(typeof(Type)), type) },
            };
    }

    /// <summary>Stands for what packages do with an assembly.</summary>
    public static void Scan(System.Reflection.Assembly assembly) => ArgumentNullException.ThrowIfNull(assembly);
}
