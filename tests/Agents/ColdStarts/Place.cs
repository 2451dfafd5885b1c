namespace ColdStarts;

/// <summary>What is remembered in a library, by whoever comes first.</summary>
public static class Place
{
    public static int? First { get; set; }
}
