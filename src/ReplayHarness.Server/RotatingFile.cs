using System.Globalization;

namespace ReplayHarness.Server;

/// <summary>Takes lines; when it returns, the line is kept.</summary>
internal interface ILineSink
{
    /// <summary>Appends a line, which ends in LF.</summary>
    /// <exception cref="CannotKeepException">It cannot be kept now; later it may be.</exception>
    void Append(ReadOnlySpan<byte> line);
}

/// <summary>A line cannot be kept now: the disk is full, the file is read-only, another process writes it.</summary>
internal sealed class CannotKeepException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// A file of lines that many requests and one process write to: a line is whole or not there. At a size the file is renamed to
/// <c>NAME.1.EXT</c>, <c>NAME.2.EXT</c>, …, the highest number being the newest, and begun anew.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="maxBytes">The size at which it is put aside.</param>
/// <param name="tell">Told once of what a user should know.</param>
internal sealed class RotatingFile(string path, long maxBytes, Action<string>? tell) : ILineSink, IDisposable
{
    private const FileShare Readers = FileShare.ReadWrite | FileShare.Delete;

    private readonly Lock _lock = new();
    private FileStream? _file,
        _claim;
    private bool _isFailing;

    /// <summary>Makes this process the only one that writes the file; where there is one, it is opened.</summary>
    /// <exception cref="IOException">Another process writes it, or it cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public void Claim()
    {
        lock (_lock)
        {
            _claim ??= Claimed();
            if (Path.Exists(path))
                _file ??= Open();
        }
    }

    /// <summary>Appends a line; when this returns, it is in the file.</summary>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            try
            {
                Write(line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_isFailing)
                    tell?.Invoke($"{path}: cannot be written now: {e.Message.TrimEnd('.')}; exporters are told to try again");
                _isFailing = true;
                throw new CannotKeepException($"{path} cannot be written now: {e.Message}", e);
            }
            if (_isFailing)
                tell?.Invoke($"{path}: is written again");
            _isFailing = false;
        }
    }

    private string Taken => $"another 'replay-harness listen' writes it (and holds {path}.lock); stop that one, or take another file";

    public void Dispose()
    {
        _file?.Dispose();
        _claim?.Dispose();
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        _claim ??= Claimed();
        _file ??= Open();
        if (_file.Length > 0 && _file.Length + line.Length > maxBytes)
            Rotate();
        var length = _file.Length;
        try
        {
            _file.Write(line);
        }
        catch (IOException)
        {
            GiveUp(length);
            throw;
        }
    }

    // What was written of a line goes again, and the next line opens the file anew, as it may then be another.
    private void GiveUp(long length)
    {
        using var file = _file!;
        _file = null;
        try
        {
            file.SetLength(length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stands as a torn line, which opening closes.
        }
    }

    // A file beside it, for on Linux a lock of the file itself would keep readers out. It stays when all is done: who deletes it could
    // delete the lock of the next one.
    private FileStream Claimed()
    {
        const int LinuxWouldBlock = 11,
            MacWouldBlock = 35,
            WindowsSharingViolation = unchecked((int)0x80070020);
        try
        {
            return new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            throw new IOException(Taken, e);
        }
    }

    private FileStream Open()
    {
        var torn = TornBytes();
        // Nothing is held back in a buffer: what is written is in the file, and what failed is not tried again at the end.
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, Readers, bufferSize: 0);
        if (torn == 0)
            return file;
        try
        {
            file.Write("\n"u8);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
        tell?.Invoke(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: its last {torn} bytes are a torn line, for who wrote it was ended within; it was closed, and new lines come "
                    + $"after it; nothing acknowledged is lost, since a line is acknowledged only when it is whole"
            )
        );
        return file;
    }

    /// <summary>How many bytes come after the last LF.</summary>
    private long TornBytes()
    {
        if (!File.Exists(path))
            return 0;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, Readers);
        var length = RandomAccess.GetLength(file);
        var buffer = new byte[1 << 16];
        for (var end = length; end > 0; end -= Math.Min(end, buffer.Length))
        {
            var start = Math.Max(0, end - buffer.Length);
            var piece = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, (int)(end - start)), start));
            if (piece.LastIndexOf((byte)'\n') is >= 0 and var at)
                return length - (start + at + 1);
        }
        return length;
    }

    private void Rotate()
    {
        _file!.Dispose();
        _file = null;
        var number = 1;
        while (File.Exists(Numbered(number)))
            number++;
        File.Move(path, Numbered(number));
        _file = Open();
    }

    private string Numbered(int number) =>
        Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{number}{Path.GetExtension(path)}"));
}
