namespace OrleansRecorder.Archive.Files;

/// <summary>Linux error numbers that mean something to the archive, and what a person is told of them.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int InputOutput = 5;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int Invalid = 22;
    public const int TooManyOpenFiles = 24;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int TooManyLinks = 31;
    public const int NameTooLong = 36;
    public const int NotImplemented = 38;
    public const int NotEmpty = 39;
    public const int Loop = 40;
    public const int NotSupported = 95;
    public const int Stale = 116;
    public const int Quota = 122;

    /// <summary>What the API may answer.</summary>
    public static ArchiveResult Result(int errno) => errno switch
    {
        NoEntry or NotDirectory => ArchiveResult.NotFound,
        Loop => ArchiveResult.Forbidden,
        NameTooLong => ArchiveResult.Invalid,
        _ => ArchiveResult.Failed,
    };

    /// <summary>What a person is told.</summary>
    public static LocalizedText Describe(int errno) => errno switch
    {
        NotPermitted or AccessDenied => new("权限不足", "permission denied"),
        NoEntry or NotDirectory => new("文件或目录不存在", "no such file or directory"),
        InputOutput => new("磁盘读写错误", "the disk reports an error"),
        Busy => new("文件或目录被系统占用", "the file or directory is in use by the system"),
        Exists => new("名称已存在", "the name exists already"),
        IsDirectory => new("是一个目录", "it is a directory"),
        TooManyOpenFiles => new("打开的文件过多", "too many open files"),
        NoSpace => new("磁盘已满", "the disk is full"),
        Quota => new("磁盘配额已用完", "the disk quota is used up"),
        ReadOnlyFileSystem => new("文件系统只读", "the file system is read-only"),
        NameTooLong => new("名称过长", "the name is too long"),
        NotEmpty => new("目录不为空", "the directory is not empty"),
        Loop => new("路径含有符号链接", "the path goes through a symbolic link"),
        Stale => new("网络文件系统已断开", "the network file system is gone"),
        _ => new($"系统错误 {errno}", System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno)),
    };
}
