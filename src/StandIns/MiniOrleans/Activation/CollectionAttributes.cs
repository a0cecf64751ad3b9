namespace Orleans;

/// <summary>Activations of the class are never collected for being idle.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class KeepAliveAttribute : Attribute;

/// <summary>How long an activation of the class may be idle.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class CollectionAgeLimitAttribute : Attribute
{
    private static readonly TimeSpan Floor = TimeSpan.FromMinutes(1);
    private readonly TimeSpan? _period;

    /// <summary>With the properties: their sum, 1 minute at least.</summary>
    public CollectionAgeLimitAttribute() { }

    /// <summary>With a <see cref="TimeSpan"/> as text.</summary>
    public CollectionAgeLimitAttribute(string inactivityPeriod) =>
        _period = TimeSpan.Parse(inactivityPeriod, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A part of the sum.</summary>
    public double Days { get; set; }

    /// <summary>A part of the sum.</summary>
    public double Hours { get; set; }

    /// <summary>A part of the sum.</summary>
    public double Minutes { get; set; }

    /// <summary>Never collected.</summary>
    public bool AlwaysActive { get; set; }

    /// <summary>The limit that results.</summary>
    public TimeSpan AgeLimit
    {
        get
        {
            if (AlwaysActive) return Timeout.InfiniteTimeSpan;
            if (_period is { } period) return period;
            var sum = TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
            return sum < Floor ? Floor : sum;
        }
    }
}
