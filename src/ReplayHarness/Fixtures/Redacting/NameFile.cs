using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Reads names that a team wants replaced.</summary>
internal static class NameFile
{
    private const long MostBytes = 16 << 20;
    private const int Least = 2,
        Most = 200;

    /// <summary>The names of a file, one a line.</summary>
    public static IReadOnlyList<string> Read(string file)
    {
        if (!File.Exists(file))
            throw new BadInputException($"{file}: there is no such file");
        if (new FileInfo(file).Length > MostBytes)
            throw new BadInputException($"{file}: larger than {MostBytes >> 20} MiB, the most that names may take");
        List<string> names = [];
        foreach (var (i, line) in File.ReadLines(file).Index())
        {
            var name = line.Trim();
            if (name.Length == 0 || name[0] == '#')
                continue;
            if (name.Length is < Least or > Most)
                throw new BadInputException($"{file}:{i + 1}: expected a name of {Least} to {Most} characters");
            names.Add(name);
        }
        return names;
    }
}
