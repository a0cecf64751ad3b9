using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>Values that flow from a caller into all it calls, and never back. They must be serializable.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> Values = new();
    private static readonly AsyncLocal<Guid> CallChain = new();

    /// <summary>The names that have a value.</summary>
    public static IEnumerable<string> Keys => Values.Value?.Keys ?? [];

    internal static ImmutableDictionary<string, object>? Current => Values.Value;

    /// <summary>The call chain that may re-enter, or empty.</summary>
    internal static Guid ReentrancyId => CallChain.Value;

    /// <summary>The value, or null.</summary>
    public static object? Get(string key) => Values.Value?.GetValueOrDefault(key);

    /// <summary>Sets a value for the calls made from here on.</summary>
    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Values.Value = (Values.Value ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);
    }

    /// <summary>Takes a value away; false when there was none.</summary>
    public static bool Remove(string key)
    {
        if (Values.Value is not { } values || !values.ContainsKey(key)) return false;
        Values.Value = values.Remove(key);
        return true;
    }

    /// <summary>Takes all values away.</summary>
    public static void Clear() => Values.Value = null;

    /// <summary>Until disposed, calls that this activation makes may come back into it.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var previous = CallChain.Value;
        var id = previous == Guid.Empty ? Guid.NewGuid() : previous;
        CallChain.Value = id;
        var activation = ActivationData.Current;
        activation?.OpenSection(id);
        return new ReentrancySection(activation, id, previous);
    }

    internal static void Replace(ImmutableDictionary<string, object>? values, Guid reentrancyId)
    {
        if (!ReferenceEquals(Values.Value, values)) Values.Value = values;
        if (CallChain.Value != reentrancyId) CallChain.Value = reentrancyId;
    }

    /// <summary>A stretch of code whose calls may re-enter.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly ActivationData? _activation;
        private readonly Guid _id;
        private readonly Guid _previous;

        internal ReentrancySection(ActivationData? activation, Guid id, Guid previous)
        {
            _activation = activation;
            _id = id;
            _previous = previous;
        }

        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            _activation?.CloseSection(_id);
            CallChain.Value = _previous;
        }
    }
}
