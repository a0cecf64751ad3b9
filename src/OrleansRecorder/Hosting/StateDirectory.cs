namespace OrleansRecorder.Hosting;

/// <summary>The directory of the scheduler's state, held by one process at a time: two recorders on one state would record every task twice.</summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly FileStream _lock;

    private StateDirectory(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    public string Path { get; }

    /// <summary>For the ADO.NET storage provider.</summary>
    public string ConnectionString => $"Data Source={System.IO.Path.Combine(Path, "state.db")};Default Timeout=10";

    public static StateDirectory Hold(string path)
    {
        try
        {
            // 0700: the state holds the configuration, and with it the cameras' passwords.
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new StateDirectory(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(System.IO.Path.Combine(path, "lock")))
        {
            throw new StartupException(
                $"状态目录 {path} 正被另一个录制进程使用: 请先停止它, 或用 --state 指定另一个目录",
                $"the state directory {path} is in use by another recorder: stop that one, or choose another directory with --state", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"无法使用状态目录 {path}: {e.Message}",
                $"the state directory {path} cannot be used: {e.Message}; give this user the right to write there, or choose another with --state", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
