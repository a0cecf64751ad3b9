namespace OrleansRecorder.Archive;

/// <summary>What the archive refuses, and its words for it.</summary>
internal static class Refusals
{
    public static ArchiveException InvalidPath => new(ArchiveResult.Invalid, new("路径无效", "the path is not valid"));

    public static ArchiveException Outside => new(ArchiveResult.Forbidden, new("路径不在输出目录内", "the path is outside the output directory"));

    public static ArchiveException Link => new(ArchiveResult.Forbidden, new("路径含有符号链接", "the path goes through a symbolic link"));

    public static ArchiveException NoFile => new(ArchiveResult.NotFound, new("文件不存在", "there is no such file"));

    public static ArchiveException NoDirectory => new(ArchiveResult.NotFound, new("目录不存在", "there is no such directory"));

    public static ArchiveException FileInUse => new(ArchiveResult.InUse, new("文件正在录制", "the file is being recorded"));

    public static ArchiveException DirectoryInUse => new(ArchiveResult.InUse, new("目录中有正在录制的文件", "a file in the directory is being recorded"));

    public static ArchiveException OtherDevice => new(ArchiveResult.Failed, new("目录内有挂载点", "another file system is mounted inside the directory"));

    public static ArchiveException TooDeep => new(ArchiveResult.Failed, new("目录层级过深", "the directory is nested too deeply"));
}
