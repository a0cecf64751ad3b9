namespace Orleans.Storage;

/// <summary>The stored record is not the one that was read: somebody else wrote it. The activation is stale.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    /// <summary>Without more.</summary>
    public InconsistentStateException() { }

    /// <summary>With a message.</summary>
    public InconsistentStateException(string message) : base(message) { }

    /// <summary>With a message and a cause.</summary>
    public InconsistentStateException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>With both versions.</summary>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : base(errorMsg)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version in the store, when known.</summary>
    [Id(0)] public string? StoredEtag { get; private set; }

    /// <summary>The version that was offered.</summary>
    [Id(1)] public string? CurrentEtag { get; private set; }
}

/// <summary>A grain asks for a storage provider that the silo does not have, or that cannot work.</summary>
[GenerateSerializer]
public sealed class BadProviderConfigException : OrleansException
{
    /// <summary>Without more.</summary>
    public BadProviderConfigException() { }

    /// <summary>With a message.</summary>
    public BadProviderConfigException(string message) : base(message) { }

    /// <summary>With a message and a cause.</summary>
    public BadProviderConfigException(string message, Exception? innerException) : base(message, innerException) { }
}
