namespace MiniOrleans.Tests;

/// <summary>Grain keys that no other test uses.</summary>
public static class Unique
{
    /// <summary>A key such as <c>counter:0f…</c>; the colon keeps it from being read as a number by a storage.</summary>
    public static string Key(string name) => $"{name}:{Guid.NewGuid():N}";
}
