using System.Globalization;

namespace ReplayHarness.Server;

/// <summary>Takes lines; when it returns, the line is kept.</summary>
internal interface ILineSink
{
    /// <summary>Appends a line, which ends in LF.</summary>
    void Append(ReadOnlySpan<byte> line);
}

/// <summary>
/// A file of lines that many write to: a line is whole or not there. At a size the file is renamed to <c>NAME.1.EXT</c>, <c>NAME.2.EXT</c>,
/// …, the highest number being the newest, and begun anew.
/// </summary>
internal sealed class RotatingFile(string path, long maxBytes) : ILineSink, IDisposable
{
    private readonly Lock _lock = new();
    private FileStream? _file;

    /// <summary>Appends a line; when this returns, it is in the file.</summary>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            _file ??= Open();
            if (_file.Length > 0 && _file.Length + line.Length > maxBytes)
                Rotate();
            _file.Write(line);
            _file.Flush();
        }
    }

    public void Dispose() => _file?.Dispose();

    private FileStream Open() => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private void Rotate()
    {
        _file!.Dispose();
        var number = 1;
        while (File.Exists(Numbered(number)))
            number++;
        File.Move(path, Numbered(number));
        _file = Open();
    }

    private string Numbered(int number) =>
        Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{number}{Path.GetExtension(path)}"));
}
