using Microsoft.AspNetCore.Http;

namespace OrleansRecorder.Api.Errors;

/// <summary>Ends a request with an error that its client can act on. The message holds no secrets.</summary>
internal sealed class ApiException(int status, LocalizedText message) : Exception(message.English)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>What is wrong.</summary>
    public LocalizedText Text { get; } = message;

    /// <summary>What could not be deleted; null for everything but a failed deletion.</summary>
    public FailedDeletion? Deletion { get; init; }

    public static ApiException BadRequest(string chinese, string english) => new(StatusCodes.Status400BadRequest, new LocalizedText(chinese, english));

    public static ApiException NotFound(string chinese, string english) => new(StatusCodes.Status404NotFound, new LocalizedText(chinese, english));
}

/// <summary>The additional fields of a failed deletion's error.</summary>
/// <param name="Path">As the answer shows it.</param>
/// <param name="Timestamp">The directory's name when it was one.</param>
internal sealed record FailedDeletion(string Path, string? Timestamp = null);
