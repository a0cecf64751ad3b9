namespace Orleans.Storage;

/// <summary>Turns states into the bytes that a provider stores.</summary>
public interface IGrainStorageSerializer
{
    /// <summary>State to bytes.</summary>
    BinaryData Serialize<T>(T? input);

    /// <summary>Bytes to state.</summary>
    T? Deserialize<T>(BinaryData input);
}

/// <summary>Options of a provider that stores bytes.</summary>
public interface IStorageProviderSerializerOptions
{
    /// <summary>Default: the keyed service of the provider's name, else the silo's.</summary>
    IGrainStorageSerializer GrainStorageSerializer { get; set; }
}
