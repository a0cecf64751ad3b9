using System.Text.Json;

namespace Orleans.Storage;

/// <summary>States as JSON text.</summary>
internal sealed class JsonGrainStorageSerializer(bool includeFields) : IGrainStorageSerializer
{
    private readonly JsonSerializerOptions _options = new() { IncludeFields = includeFields };

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, _options));

    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, _options);
}
