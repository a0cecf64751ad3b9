namespace Orleans.Core;

/// <summary>A stored record of a grain.</summary>
public interface IStorage
{
    /// <summary>The version read or written last; null when there is none.</summary>
    string? Etag { get; }

    /// <summary>Whether a record was there when it was read or written last.</summary>
    bool RecordExists { get; }

    /// <summary>Removes the record and makes the state new.</summary>
    Task ClearStateAsync();

    /// <summary>Stores the state.</summary>
    /// <exception cref="Storage.InconsistentStateException">The record was changed by someone else.</exception>
    Task WriteStateAsync();

    /// <summary>Reads the record, over unsaved changes.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>A stored record with its content.</summary>
public interface IStorage<TState> : IStorage
{
    /// <summary>The content.</summary>
    TState State { get; set; }
}
