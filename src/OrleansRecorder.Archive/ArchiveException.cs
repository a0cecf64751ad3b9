using OrleansRecorder.Archive.Files;

namespace OrleansRecorder.Archive;

/// <summary>The archive could not do what it was asked to. <see cref="Exception.HResult"/> is the system's error number when there is one, as for .NET's own.</summary>
public sealed class ArchiveException : IOException
{
    private ArchiveException(string message, int errno, Exception? inner) : base(message, inner)
    {
        HResult = errno;
        Reason = Errno.Describe(errno);
        Result = Errno.Result(errno);
    }

    /// <summary>A refusal of our own.</summary>
    public ArchiveException(ArchiveResult result, LocalizedText reason) : base(reason.English)
    {
        Result = result;
        Reason = reason;
    }

    /// <summary>What to answer.</summary>
    public ArchiveResult Result { get; }

    /// <summary>Why, without a path.</summary>
    public LocalizedText Reason { get; private init; }

    /// <summary>No room is left, or no quota.</summary>
    public bool IsDiskFull => HResult is Errno.NoSpace or Errno.Quota;

    /// <summary>What the system said of a path.</summary>
    internal static ArchiveException FromErrno(int errno, string path) => new($"{path}: {Errno.Describe(errno).English}", errno, inner: null);

    /// <summary>What .NET's file classes said; their <see cref="Exception.HResult"/> is the system's error number too.</summary>
    internal static ArchiveException From(Exception exception) => exception switch
    {
        ArchiveException archive => archive,
        UnauthorizedAccessException => new(exception.Message, Errno.AccessDenied, exception),
        PathTooLongException => new(exception.Message, Errno.NameTooLong, exception),
        FileNotFoundException or DirectoryNotFoundException => new(exception.Message, Errno.NoEntry, exception),
        IOException { HResult: > 0 and < 4096 } => new(exception.Message, exception.HResult, exception),
        _ => new(exception.Message, Errno.InputOutput, exception) { Reason = new(exception.Message, exception.Message) },
    };

    /// <summary>The same with a sentence before the reason, such as what could not be written.</summary>
    internal ArchiveException Because(LocalizedText what) =>
        new($"{what.English}: {Reason.English}", HResult, this) { Reason = new($"{what.Chinese}: {Reason.Chinese}", $"{what.English}: {Reason.English}") };
}
