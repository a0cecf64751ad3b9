namespace Orleans.Storage;

/// <summary>A storage provider: a keyed service under its name.</summary>
public interface IGrainStorage
{
    /// <summary>Reads; without a record the state is new, the version null.</summary>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Writes if the version still matches.</summary>
    /// <exception cref="InconsistentStateException">It does not.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Removes if the version still matches.</summary>
    /// <exception cref="InconsistentStateException">It does not.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
}
