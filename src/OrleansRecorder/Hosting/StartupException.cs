namespace OrleansRecorder.Hosting;

/// <summary>The process cannot start for a reason that the user can mend; the text names the thing and the way out.</summary>
internal sealed class StartupException(LocalizedText text, Exception? inner = null) : Exception(text.English, inner)
{
    public LocalizedText Text { get; } = text;

    public StartupException(string chinese, string english, Exception? inner = null) : this(new LocalizedText(chinese, english), inner)
    {
    }
}
