using System.Text.Json.Serialization;

namespace OrleansRecorder.Api.Errors;

/// <summary>Every error's body.</summary>
public sealed record ErrorDocument
{
    /// <summary>The HTTP reason phrase, such as <c>Not Found</c>.</summary>
    public required string Error { get; init; }

    /// <summary>False, where a deletion failed; absent elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Success { get; init; }

    /// <summary>The directory that could not be deleted; absent elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Timestamp { get; init; }

    /// <summary>What could not be deleted; absent elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Path { get; init; }

    /// <summary>What is wrong, in Chinese, or in English for <c>Accept-Language: en</c>.</summary>
    public required string Message { get; init; }
}
