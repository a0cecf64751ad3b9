namespace Orleans.Runtime;

/// <summary>Counts changes of the membership.</summary>
[GenerateSerializer, Immutable]
public readonly struct MembershipVersion : IComparable<MembershipVersion>, IEquatable<MembershipVersion>
{
    /// <summary>From its number.</summary>
    public MembershipVersion(long version) => Value = version;

    /// <summary>Before any.</summary>
    public static MembershipVersion MinValue { get; } = new(long.MinValue);

    /// <summary>The number.</summary>
    [Id(0)] public long Value { get; init; }

    /// <inheritdoc/>
    public int CompareTo(MembershipVersion other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public bool Equals(MembershipVersion other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MembershipVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Compares the numbers.</summary>
    public static bool operator ==(MembershipVersion left, MembershipVersion right) => left.Equals(right);

    /// <summary>Compares the numbers.</summary>
    public static bool operator !=(MembershipVersion left, MembershipVersion right) => !left.Equals(right);

    /// <summary>Compares the numbers.</summary>
    public static bool operator <(MembershipVersion left, MembershipVersion right) => left.Value < right.Value;

    /// <summary>Compares the numbers.</summary>
    public static bool operator >(MembershipVersion left, MembershipVersion right) => left.Value > right.Value;

    /// <summary>Compares the numbers.</summary>
    public static bool operator <=(MembershipVersion left, MembershipVersion right) => left.Value <= right.Value;

    /// <summary>Compares the numbers.</summary>
    public static bool operator >=(MembershipVersion left, MembershipVersion right) => left.Value >= right.Value;
}
