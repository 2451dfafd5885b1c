using System.Reflection;
using ReplayHarness.Host.Controlled;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Host.Statics;

namespace ReplayHarness.Tests.Host;

/// <summary>
/// Whatever of the framework can be set for the whole process is set back, taken back, noted, or harmless for a reason.
/// </summary>
public sealed class ProcessSettingsTests
{
    private const string Flows = "flows with the calls, as an AsyncLocal does";
    private const string Screen = "what is shown on a screen no agent reads";
    private const string Windows = "there on Windows only, or throws";

    private static readonly string[] s_assemblies =
    [
        "System.Private.CoreLib",
        "System.Console",
        "System.ComponentModel.TypeConverter",
        "System.Diagnostics.DiagnosticSource",
        "System.Diagnostics.Process",
        "System.Diagnostics.TraceSource",
        "System.IO.FileSystem.Watcher",
        "System.Net.Http",
        "System.Net.NetworkInformation",
        "System.Net.Primitives",
        "System.Net.Requests",
        "System.Net.Security",
        "System.Net.ServicePoint",
        "System.Net.Sockets",
        "System.Private.Uri",
        "System.Private.Xml",
        "System.Private.Xml.Linq",
        "System.Text.Json",
        "System.Text.RegularExpressions",
    ];

    private static readonly Dictionary<string, string> s_known = new(StringComparer.Ordinal)
    {
        ["System.AppDomain::MonitoringIsEnabled"] = "only counts",
        ["System.Globalization.CultureInfo::CurrentCulture"] = Flows,
        ["System.Globalization.CultureInfo::CurrentUICulture"] = Flows,
        ["System.Threading.Thread::CurrentPrincipal"] = Flows,
        ["System.Diagnostics.Activity::Current"] = Flows,
        ["System.Diagnostics.Debug::AutoFlush"] = "that of Trace",
        ["System.Diagnostics.Debug::IndentLevel"] = "that of Trace",
        ["System.Diagnostics.Debug::IndentSize"] = "that of Trace",
        ["System.Console::InputEncoding"] = "nothing is read",
        ["System.Console::BufferHeight"] = Windows,
        ["System.Console::BufferWidth"] = Windows,
        ["System.Console::CursorLeft"] = Screen,
        ["System.Console::CursorSize"] = Windows,
        ["System.Console::CursorTop"] = Screen,
        ["System.Console::CursorVisible"] = Windows,
        ["System.Console::Title"] = Windows,
        ["System.Console::TreatControlCAsInput"] = "nothing is read",
        ["System.Console::WindowHeight"] = Windows,
        ["System.Console::WindowLeft"] = Windows,
        ["System.Console::WindowTop"] = Windows,
        ["System.Console::WindowWidth"] = Windows,
        ["System.ComponentModel.LicenseManager::CurrentContext"] = "of designers",
        ["System.ComponentModel.TypeDescriptor::ComNativeDescriptorHandler"] = Windows,
        ["System.Net.AuthenticationManager::CredentialPolicy"] = Windows,
        ["System.Net.FtpWebRequest::DefaultCachePolicy"] = "that of WebRequest",
        ["System.Net.GlobalProxySelection::Select"] = "that of WebRequest",
    };

    [Test]
    public void What_can_be_set_is_set_back() =>
        Assert.That(
            from type in Types()
            from property in type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where property.SetMethod?.IsPublic == true
            let name = $"{type}::{property.Name}"
            where !ProcessSettings.Properties.Contains(name) && !s_known.ContainsKey(name)
            where name != "System.Environment::CurrentDirectory"
            select name,
            Is.Empty
        );

    [Test]
    public void Handlers_of_events_are_taken_back() =>
        Assert.That(
            from type in Types()
            from one in type.GetEvents(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where !FrameworkEvents.IsEvent(type.FullName!, $"add_{one.Name}")
            select $"{type}::{one.Name}",
            Is.Empty
        );

    // By what it is called a parameter says that it is a path.
    [Test]
    public void Members_that_get_a_path_only_read_or_are_looked_at()
    {
        string[] reads = ["Read", "Get", "Exists", "OpenRead", "OpenText", "Enumerate", "ResolveLink", "SetCurrentDirectory", "OpenZip"];
        var members =
            from type in (Type[])[typeof(File), typeof(Directory), typeof(FileInfo), typeof(DirectoryInfo), typeof(FileSystemInfo)]
            from member in type.GetMembers(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .OfType<MethodBase>()
            where !member.IsConstructor && !reads.Any(r => member.Name.StartsWith(r, StringComparison.OrdinalIgnoreCase))
            select (type, member);
        string[] harmless = ["CreateTempSubdirectory", "Refresh", "ToString", "MoveNext", "GetObjectData"];
        Assert.That(
            from m in members
            where !harmless.Contains(m.member.Name)
            where !FileWrites.Has(m.type.FullName!, m.member.Name)
            select $"{m.type.Name}.{m.member.Name}",
            Is.Empty
        );
    }

    [Test]
    public void What_is_looked_at_is_there()
    {
        var types = AppDomain.CurrentDomain.GetAssemblies().Concat(Assemblies()).Distinct().ToArray();
        foreach (var type in FileWrites.Types.Where(t => !t.Contains("SQLite", StringComparison.OrdinalIgnoreCase)))
            Assert.That(types.Select(a => a.GetType(type)).Any(t => t is not null) || IsKnown(type), type);
    }

    // They are loaded by whoever uses them.
    private static bool IsKnown(string type) =>
        ((string[])["System.IO.Compression.ZipFile", "System.Formats.Tar", "System.IO.MemoryMappedFiles"]).Any(name =>
            Assembly.Load(name).GetType(type) is not null
        );

    private static IEnumerable<Assembly> Assemblies() => s_assemblies.Select(Assembly.Load);

    private static IEnumerable<Type> Types() => Assemblies().SelectMany(a => a.GetExportedTypes());

    [TestCase("Data Source=shelves.db", 1)]
    [TestCase("Data Source=:memory:", 0)]
    [TestCase("Data Source=shelves;Mode=Memory;Cache=Shared", 0)]
    [TestCase("Data Source=shelves.db;Mode=ReadOnly", 0)]
    public void A_database_may_be_a_file(string connection, int files) =>
        Assert.That(
            FileWrites.Outside("System.Data.Common.DbConnection", "Open", [new SqliteConnection { ConnectionString = connection }]).Count(),
            Is.EqualTo(files)
        );

    // Named as that of the package.
    private sealed class SqliteConnection : System.Data.Common.DbConnection
    {
        [System.Diagnostics.CodeAnalysis.AllowNull]
        public override string ConnectionString { get; set; }

        public override string Database => "main";

        public override string DataSource => ConnectionString.Split(';')[0].Split('=')[1];

        public override string ServerVersion => "3";

        public override System.Data.ConnectionState State => System.Data.ConnectionState.Closed;

        public override void ChangeDatabase(string databaseName) { }

        public override void Close() { }

        public override void Open() { }

        protected override System.Data.Common.DbTransaction BeginDbTransaction(System.Data.IsolationLevel isolationLevel) =>
            throw new NotSupportedException();

        protected override System.Data.Common.DbCommand CreateDbCommand() => throw new NotSupportedException();
    }

    [Test]
    public void What_is_looked_at_is_noted_where_reflection_calls_it() =>
        Assert.That(CallTable.IsTouched(typeof(File), typeof(File).GetMethod(nameof(File.Delete))!), Is.True);
}
