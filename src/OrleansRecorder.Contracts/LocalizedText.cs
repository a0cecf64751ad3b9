namespace OrleansRecorder;

/// <summary>A sentence for a person, in both languages of the product. The Chinese text is part of the API contract.</summary>
/// <param name="Chinese">What the API shows by default.</param>
/// <param name="English">What the API shows with <c>Accept-Language: en</c>, and what logs say.</param>
[GenerateSerializer, Immutable, Alias("recorder.LocalizedText")]
public sealed record LocalizedText(string Chinese, string English)
{
    /// <summary>No message.</summary>
    public static LocalizedText Empty { get; } = new("", "");

    /// <summary>The English text, for logs and exceptions.</summary>
    public override string ToString() => English;
}
