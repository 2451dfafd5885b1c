using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>
/// Buckets of objects, as <c>s3:</c> reads them. What it throws for a user's mistake is a <see cref="BadInputException"/> whose message
/// says where (<c>s3://bucket/key</c>), what is wrong and what to do, and names no secret.
/// </summary>
public abstract class ObjectStorage : IDisposable
{
    /// <summary>
    /// Every object whose key begins with a text, however many pages that takes: its key, its bytes, and when it was last written.
    /// </summary>
    public abstract IEnumerable<(string Key, long Size, DateTimeOffset LastModified)> List(string bucket, string prefix);

    /// <summary>The content of an object, or null where there is none of this key.</summary>
    public abstract Stream? Open(string bucket, string key);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives up what is held.</summary>
    protected virtual void Dispose(bool disposing) { }
}
