using Microsoft.Extensions.Logging;
using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Index;
using OrleansRecorder.Archive.Names;
using OrleansRecorder.Archive.Recordings;
using OrleansRecorder.Archive.Recovery;
using OrleansRecorder.Archive.Reports;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Archive;

/// <summary>
/// The recordings of one output directory on this node: lists them from memory, reads, deletes, begins and recovers them, writes reports.
/// What it refuses or the file system refuses is an answer where there is one to give, else an <see cref="ArchiveException"/>.
/// Safe to use from any thread; file work runs on the thread pool, never on the caller's.
/// </summary>
public sealed partial class DirectoryArchive : IAsyncDisposable
{
    private const int MaxReserveTries = 3600;

    private static readonly TimeSpan FirstScanPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LearnBudget = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DisposePatience = TimeSpan.FromSeconds(5);

    private readonly OutputDirectory _output;
    private readonly ArchiveIndex _index = new();
    private readonly RecordingStore _store;
    private readonly RecordingReader _reader;
    private readonly ArchiveRemoval _removal;
    private readonly ReportFiles _reports;
    private readonly ArchiveScanner _scanner;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _scanTurn = new(1, 1);
    private readonly TaskCompletionSource _firstScan = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _keepingTrue;

    internal DirectoryArchive(string path, NodeArchivesOptions options, TimeProvider time, ILogger logger)
    {
        _output = new OutputDirectory(path, options.BaseDirectory);
        _time = time;
        _logger = logger;
        _store = new RecordingStore(_output, _index, time);
        _reader = new RecordingReader(_output, _store);
        _removal = new ArchiveRemoval(_output, _index, _store);
        _reports = new ReportFiles(_output, _index, _store, options.ReportStyle, logger);
        _scanner = new ArchiveScanner(_output, _index, time, logger);
        _keepingTrue = Task.Run(() => KeepTrueAsync(options.ScanInterval));
    }

    /// <summary>The output directory, absolute.</summary>
    public string Path => _output.Path;

    /// <summary>How the output directory was when it was last looked at.</summary>
    public ArchiveStatus Status => _scanner.Status;

    /// <summary>Recordings that this process is writing now.</summary>
    public int OpenRecordings => _store.Open.Count;

    /// <summary>Room on the volume; null when it does not say.</summary>
    public VolumeSpace? Space => VolumeSpace.Of(_output.Path);

    /// <summary>The cycle directories, newest first.</summary>
    public async Task<ArchiveDirectory[]> ListDirectoriesAsync()
    {
        await FirstScanAsync();
        return _index.Directories();
    }

    /// <summary>
    /// The finished recordings, oldest directory first, then by file name; of one directory when it is given. Served from memory, but for those of a directory
    /// whose length nobody has told: they are measured once.
    /// </summary>
    public async Task<RecordingPage> ListRecordingsAsync(string? directory, int offset, int limit, RecordingMeasure? measure = null)
    {
        await FirstScanAsync();
        var page = _index.Page(directory, offset, limit);
        // What a report tells is learnt soon.
        if (directory is null || measure is null || _index.Find(directory) is not { CanLearn: false }) return page;
        var unmeasured = Array.FindAll(page.Recordings, recording => recording.DurationSeconds is null);
        if (unmeasured.Length == 0) return page;
        await Task.Run(() => Measure(directory, unmeasured, measure));
        return _index.Page(directory, offset, limit);
    }

    /// <summary>Deletes one finished recording by its <c>full_path</c>.</summary>
    public Task<ArchiveOutcome> DeleteRecordingAsync(string path) => AttemptAsync(() => _removal.DeleteRecording(path));

    /// <summary>Deletes a cycle directory with all that is in it, unless somebody writes into it.</summary>
    public Task<ArchiveOutcome> DeleteDirectoryAsync(string directory) => AttemptAsync(() => _removal.DeleteDirectory(directory));

    /// <summary>Finds a finished recording by its <c>full_path</c>.</summary>
    public Task<ArchiveFile> StatRecordingAsync(string path) => FindAsync(() => _reader.StatRecording(path));

    /// <summary>Finds a report: <c>report.txt</c>, <c>streams.csv</c>, or the JSON report by its own name or as <c>rtsp_report.json</c>.</summary>
    public Task<ArchiveFile> StatReportAsync(string directory, string filename) => FindAsync(() => _reader.StatReport(directory, filename, JsonReportOf(directory)));

    /// <summary>
    /// Reads a piece of a file that a Stat call found, shorter than <paramref name="count"/> only at its end; null when the file is gone or is
    /// another one now.
    /// </summary>
    /// <param name="path">The <see cref="ArchiveFile.Path"/> of the Stat call.</param>
    /// <param name="etag">The <see cref="ArchiveFile.ETag"/> of the Stat call.</param>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="count">1 to <see cref="IArchiveGrain.MaxReadBytes"/>.</param>
    public Task<byte[]?> ReadAsync(string path, string etag, long offset, int count) => Task.Run(() =>
    {
        try
        {
            return _reader.Read(path, etag, offset, count);
        }
        catch (ArchiveException exception) when (exception.Result is ArchiveResult.NotFound or ArchiveResult.Forbidden)
        {
            return null;
        }
    });

    /// <summary>Creates a cycle's directory: the wanted name when it is free, else the next free second's.</summary>
    public Task<string> ReserveDirectoryAsync(string wantedName) => Task.Run(() =>
    {
        if (!CycleName.IsValid(wantedName)) throw Refusals.InvalidPath;
        using var root = _output.OpenOrCreate();
        var name = wantedName;
        for (var tries = 0; name is not null && tries < MaxReserveTries; name = CycleName.Next(name), tries++)
        {
            if (!root.TryCreateDirectory(name)) continue;
            _index.AddDirectory(name);
            root.Flush();
            return name;
        }

        throw ArchiveException.FromErrno(Errno.Exists, root.PathOf(wantedName));
    });

    /// <summary>
    /// Begins a recording: a hidden file, made on the caller's thread. The directory is made when it is not there; a part whose name is taken gives way to the
    /// next free one. Throws <see cref="ArchiveException"/> when the file system refuses.
    /// </summary>
    /// <param name="directory">The cycle directory's name.</param>
    /// <param name="outputFilename">A bare file name that ends in <c>.mp4</c>.</param>
    /// <param name="part">From 1: <c>name.mp4</c>, then <c>name.part2.mp4</c>.</param>
    /// <param name="rtspUrl">The stream's address, for the listing; its credentials are left out.</param>
    public RecordingWriter BeginRecording(string directory, string outputFilename, int part, string? rtspUrl = null) =>
        _store.Begin(directory, outputFilename, part, rtspUrl);

    /// <summary>Writes the three reports of a cycle, each at once or not at all; an earlier call's are replaced.</summary>
    public Task WriteReportsAsync(CycleReport report) => Task.Run(() => _reports.Write(report));

    /// <summary>Finishes what a crash left: to be called once at start, and harmless at any other time.</summary>
    public Task<RecoveryReport> RecoverAsync(RecordingRepair repair, CancellationToken cancellation = default) =>
        Task.Run(() => new ArchiveRecovery(_output, _store, _time, _logger).RunAsync(repair, cancellation), cancellation);

    /// <summary>Makes the output directory when there is none, and tries to write into it. Throws <see cref="ArchiveException"/> that says which directory and why not.</summary>
    public void EnsureWritable()
    {
        var name = $".write-test-{Environment.ProcessId}-{Guid.NewGuid():N}";
        try
        {
            using var root = _output.OpenOrCreate();
            try
            {
                using var file = root.CreateOrTruncateFile(name);
                RandomAccess.Write(file, "recorder"u8, fileOffset: 0);
            }
            finally
            {
                root.DeleteFile(name);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ArchiveException.From(exception).Because(new($"无法写入输出目录 {_output.Path}", $"the output directory {_output.Path} cannot be written"));
        }
    }

    /// <summary>Looks at the disk now; the index is as true as it gets when this completes.</summary>
    public async Task ScanAsync(CancellationToken cancellation = default)
    {
        await _scanTurn.WaitAsync(cancellation);
        try
        {
            await Task.Run(_scanner.Scan, cancellation);
            _firstScan.TrySetResult();
            await Task.Run(() => _reports.Learn(LearnBudget, _time, cancellation), cancellation);
        }
        finally
        {
            _scanTurn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        // A scan that hangs in a dead network file system is left to itself.
        await Task.WhenAny(_keepingTrue, Task.Delay(DisposePatience));
        _firstScan.TrySetResult();
    }

    private async Task KeepTrueAsync(TimeSpan interval)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, _time);
            do
            {
                try
                {
                    await ScanAsync(_stopping.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The index stays as it was; the next scan tries again.
                    LogScanFailed(_output.Path, exception);
                    _firstScan.TrySetResult();
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task FirstScanAsync()
    {
        if (_firstScan.Task.IsCompleted) return;
        try
        {
            await _firstScan.Task.WaitAsync(FirstScanPatience);
        }
        catch (TimeoutException)
        {
            // A disk this slow is better shown in part than not at all.
            LogFirstScanSlow(_output.Path);
        }
    }

    private void Measure(string directory, Recording[] recordings, RecordingMeasure measure)
    {
        var facts = new Dictionary<string, RecordingFacts>(StringComparer.Ordinal);
        foreach (var recording in recordings)
        {
            try
            {
                using var cycle = _output.OpenCycle(directory);
                if (measure(cycle.PathOf(recording.Filename)) is { } length) facts[recording.Filename] = new RecordingFacts(recording.Size, length.TotalSeconds, RtspUrl: null, StatusCode: null);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or not to be read: it is listed without.
            }
        }

        _index.Learn(directory, facts, report: null);
    }

    private string? JsonReportOf(string directory) => _index.Find(directory)?.Report?.Filename;

    private static Task<ArchiveOutcome> AttemptAsync(Action action) => Task.Run(() =>
    {
        try
        {
            action();
            return ArchiveOutcome.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var refusal = ArchiveException.From(exception);
            return new ArchiveOutcome(refusal.Result, refusal.Reason);
        }
    });

    private static Task<ArchiveFile> FindAsync(Func<ArchiveFile> find) => Task.Run(() =>
    {
        try
        {
            return find();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var refusal = ArchiveException.From(exception);
            return new ArchiveFile { Result = refusal.Result, Reason = refusal.Reason };
        }
    });

    [LoggerMessage(3301, LogLevel.Error, "Scanning {Path} failed")]
    private partial void LogScanFailed(string path, Exception exception);

    [LoggerMessage(3302, LogLevel.Warning, "The first scan of {Path} takes long; the listing is not complete yet")]
    private partial void LogFirstScanSlow(string path);
}
