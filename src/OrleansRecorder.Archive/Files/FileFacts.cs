namespace OrleansRecorder.Archive.Files;

/// <summary>What a name in a directory is.</summary>
internal enum FileKind
{
    /// <summary>Device, pipe, socket.</summary>
    Other,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, never followed.</summary>
    Link,
}

/// <summary>What the file system says of a file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedNs">Last write, nanoseconds of Unix time.</param>
/// <param name="BornNs">Creation, or null where the file system keeps none.</param>
/// <param name="Inode">Its number on the device.</param>
/// <param name="Device">Major and minor.</param>
internal readonly record struct FileFacts(FileKind Kind, long Size, long ModifiedNs, long? BornNs, ulong Inode, ulong Device)
{
    private const uint HasBirthTime = 0x800;

    /// <summary>When it was made, as far as known: a copy that keeps its times (<c>cp -a</c>) is as old as its content.</summary>
    public DateTimeOffset CreatedAt => Time(BornNs is { } born && born < ModifiedNs ? born : ModifiedNs);

    /// <summary>When it was last written.</summary>
    public DateTimeOffset ModifiedAt => Time(ModifiedNs);

    /// <summary>Changes with the content, and with the file behind the name.</summary>
    public string ETag => $"{Size:x}-{ModifiedNs:x}-{Inode:x}";

    public static FileFacts From(in Libc.StatXBuffer stat) => new(
        (stat.Mode & 0xF000) switch { 0x8000 => FileKind.File, 0x4000 => FileKind.Directory, 0xA000 => FileKind.Link, _ => FileKind.Other },
        (long)stat.Size,
        Nanoseconds(stat.ModifiedSeconds, stat.ModifiedNanoseconds),
        (stat.Mask & HasBirthTime) != 0 ? Nanoseconds(stat.BornSeconds, stat.BornNanoseconds) : null,
        stat.Inode,
        ((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor);

    public static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static long Nanoseconds(long seconds, uint nanoseconds) => (seconds * 1_000_000_000) + nanoseconds;

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
}
