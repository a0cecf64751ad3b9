using System.Collections.Immutable;

namespace MiniOrleans.Tests.Serialization;

public enum Colour
{
    None = 0,
    Red = 1,
    Green = 7,
}

[GenerateSerializer]
public sealed record Point(int X, double Y);

[GenerateSerializer]
public abstract record Shape
{
    [Id(0)]
    public string Name { get; init; } = "";
}

[GenerateSerializer]
public sealed record Circle(double Radius) : Shape;

[GenerateSerializer]
public sealed record Square : Shape
{
    [Id(0)]
    public int Side { get; init; }
}

/// <summary>Nobody has a serializer for it.</summary>
public sealed record SecretShape : Shape;

/// <summary>A bit of everything that the product sends.</summary>
[GenerateSerializer, Alias("test.everything")]
public sealed class Everything
{
    [Id(0)] public int Number { get; set; }

    [Id(1)] public string? Text { get; set; }

    [Id(2)] public string? Missing { get; set; }

    [Id(3)] public Colour Colour { get; set; }

    [Id(4)] public Colour? MaybeColour { get; set; }

    [Id(5)] public int? NoNumber { get; set; }

    [Id(6)] public long? SomeNumber { get; set; }

    [Id(7)] public byte[] Bytes { get; set; } = [];

    [Id(8)] public Point? Point { get; set; }

    [Id(9)] public Dictionary<string, Point> ByName { get; set; } = [];

    [Id(10)] public List<int> Numbers { get; set; } = [];

    [Id(11)] public string[] Words { get; set; } = [];

    [Id(12)] public ImmutableArray<Point> Points { get; set; } = [];

    [Id(13)] public ImmutableDictionary<string, int> Counts { get; set; } = ImmutableDictionary<string, int>.Empty;

    [Id(14)] public HashSet<string> Set { get; set; } = [];

    [Id(15)] public DateTimeOffset Moment { get; set; }

    [Id(16)] public DateTime Utc { get; set; }

    [Id(17)] public TimeSpan Duration { get; set; }

    [Id(18)] public Guid Id { get; set; }

    [Id(19)] public Shape[] Shapes { get; set; } = [];

    [Id(20)] public Everything? Inner { get; set; }

    [Id(21)] public (int Left, string Right) Pair { get; set; }

    [Id(22)] public decimal Price { get; set; }

    [Id(23)] public bool Flag { get; private set; }

    [Id(24)] public Uri? Address { get; set; }

    [Id(25)] public Dictionary<int, List<string>> Nested { get; set; } = [];

    /// <summary>Not marked, so it stays behind.</summary>
    [field: NonSerialized] public string? Unmarked { get; set; }

    public void Raise() => Flag = true;
}

/// <summary>Never changes, so it may be shared within one process.</summary>
[GenerateSerializer, Immutable]
public sealed record Frozen(string Name, ImmutableArray<int> Values)
{
    [Id(2)]
    public string? Note { get; init; }
}

[GenerateSerializer]
public sealed class Mutable
{
    [Id(0)] public string Text { get; set; } = "";

    [Id(1)] public List<string> Items { get; set; } = [];
}

[GenerateSerializer]
public sealed class Link
{
    [Id(0)] public Mutable? Left { get; set; }

    [Id(1)] public Mutable? Right { get; set; }
}
