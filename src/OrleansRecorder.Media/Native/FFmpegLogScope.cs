using System.Text.RegularExpressions;

namespace OrleansRecorder.Media.Native;

/// <summary>What FFmpeg said about one connection: its error codes alone do not tell causes apart. Used by one thread.</summary>
internal sealed partial class FFmpegLogScope(StreamUrl? url)
{
    private const int MaxLines = 200;
    private readonly List<string> _replies = [];

    /// <summary>For lines that belong to no connection.</summary>
    public static FFmpegLogScope None { get; } = new(null);

    /// <summary>The stream without credentials.</summary>
    public string Name => url?.WithoutCredentials ?? "";

    /// <summary>While true the server's reply lines are kept.</summary>
    public bool IsSignalling { get; set; } = true;

    /// <summary>How often RTP packets were found missing.</summary>
    public int LossCount { get; set; }

    /// <summary>The lines of the server's replies, status lines and headers alike.</summary>
    public IReadOnlyList<string> Replies => _replies;

    public void AddReply(string line)
    {
        if (line.Length > 0 && _replies.Count < MaxLines) _replies.Add(line);
    }

    /// <summary>The line without user names and passwords, whether they stand in a URL or alone.</summary>
    public string Redact(string line)
    {
        if (url is not null) line = line.Replace(url.Original, url.WithoutCredentials, StringComparison.Ordinal);
        if (url?.Password is { Length: > 0 } password)
        {
            line = line.Replace(password, "***", StringComparison.Ordinal).Replace(Uri.EscapeDataString(password), "***", StringComparison.Ordinal);
        }

        return UserInfo().Replace(line, "://");
    }

    [GeneratedRegex(@"://\S*@")]
    private static partial Regex UserInfo();
}
