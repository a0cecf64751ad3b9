using System.Diagnostics.CodeAnalysis;

namespace OrleansRecorder.Configuration;

/// <summary>What came of reading, editing or saving a document: a new document, or every problem found.</summary>
public sealed record ConfigEdit
{
    /// <summary>Whether it was done, and if not, why.</summary>
    public required ConfigResult Result { get; init; }

    /// <summary>The document after the edit; null unless it was done.</summary>
    public ConfigDocument? Document { get; init; }

    /// <summary>Every problem; empty when it was done.</summary>
    public LocalizedText[] Problems { get; init; } = [];

    /// <summary>The index of the stream added, updated or removed, or -1.</summary>
    public int StreamIndex { get; init; } = -1;

    /// <summary>The file read or written, as the user wrote it, or "".</summary>
    public string FilePath { get; init; } = "";

    /// <summary>The edit was made.</summary>
    [MemberNotNullWhen(true, nameof(Document))]
    public bool IsDone => Result == ConfigResult.Ok;

    internal static ConfigEdit Done(ConfigDocument document, int streamIndex = -1) =>
        new() { Result = ConfigResult.Ok, Document = document, StreamIndex = streamIndex };

    internal static ConfigEdit Refused(ConfigResult result, params LocalizedText[] problems) => new() { Result = result, Problems = problems };
}
