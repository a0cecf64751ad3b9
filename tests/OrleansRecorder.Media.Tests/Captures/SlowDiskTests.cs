using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>Disks that are too slow or do not answer: reading goes on, memory stays within its bounds, nothing is left out in silence.</summary>
public sealed class SlowDiskTests : IDisposable
{
    private readonly ManualResetEventSlim _disk = new(initialState: true);

    [Fact]
    public async Task Pictures_that_a_slow_disk_has_no_room_for_are_left_out_up_to_a_key_frame_and_told()
    {
        const long Memory = 1 << 20;
        var clip = await Clip.Encode("640x480", seconds: 2);
        using var attempt = new Attempt(memory: Memory, write: Write);
        attempt.Recorder.OnTracks([clip.Track]);
        attempt.Play(clip, 0, 50);
        await attempt.Written();

        _disk.Reset();
        for (var i = 50; i < 500; i++)
        {
            attempt.Play(clip, i, 1);
            Assert.InRange(attempt.Pool.InUse, 0, Memory * 3 / 2);
        }

        var leftOut = attempt.Counters.LeftOut;
        Assert.InRange(leftOut, 100, 449);
        _disk.Set();
        await attempt.Written();
        for (var i = 510; i < 600; i++)
        {
            attempt.Play(clip, i, 1);
            await attempt.Written();
        }

        await attempt.Close();

        Assert.Equal(leftOut + 15, attempt.Counters.LeftOut);
        Assert.Contains($"{leftOut + 15} pictures", Assert.Single(attempt.State.Warnings).English, StringComparison.Ordinal);
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
        Assert.Equal(590 - attempt.Counters.LeftOut, (await Mp4File.Packets(attempt["camera.mp4"])).Count);
        // The hole is as long in the file.
        Assert.Equal(24, await Mp4File.Duration(attempt["camera.mp4"]), 0.1);
        Assert.Equal(0, attempt.Pool.InUse);
    }

    [Fact]
    public async Task A_disk_that_hangs_costs_others_nothing()
    {
        var clip = await Clip.Encode("640x480", seconds: 2);
        using var hanging = new Attempt(memory: 1 << 20, write: Write);
        using var well = new Attempt();
        hanging.Recorder.OnTracks([clip.Track]);
        well.Recorder.OnTracks([clip.Track]);
        _disk.Reset();
        for (var i = 0; i < 300; i++)
        {
            hanging.Play(clip, i, 1);
            well.Play(clip, i, 1);
        }

        await well.Close();
        Assert.Empty(well.State.Warnings);
        Assert.Equal(300, (await Mp4File.Packets(well["camera.mp4"])).Count);
        _disk.Set();
        await hanging.Close();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_that_hangs_does_not_hold_up_a_stop_and_the_recovery_finds_the_file(bool hangsAtOnce)
    {
        var clip = await Clip.Encode("320x240", seconds: 3);
        using var folder = new TemporaryFolder();
        var target = new HangingTarget(new FolderTarget(folder.Path), hangsAtOnce ? _disk : null);
        var played = new TaskCompletionSource();
        var sources = new ScriptedSources().Then(async (sink, stop) =>
        {
            sink.OnTracks([clip.Track]);
            for (var i = 0; i < 60; i++) sink.OnPacket(clip.Packet(i, i * 3600L));
            played.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            return new SourceEnd(CaptureCause.Stopped, LocalizedText.Empty);
        });
        // The first fragment, then nothing.
        var engine = new CaptureEngine(TimeProvider.System, () => 0.5, NullLogger<CaptureEngine>.Instance, sources.Create, null, (file, pieces, offset) =>
        {
            if (offset > 0) _disk.Wait(TimeSpan.FromSeconds(60));
            RandomAccess.Write(file, pieces, offset);
            if (offset == 0 && !hangsAtOnce) _disk.Reset();
        });
        if (hangsAtOnce) _disk.Reset();
        var capture = engine.Start(Orders.For("rtsp://camera.test/1", seconds: 60), target);
        await played.Task.WaitAsync(TimeSpan.FromSeconds(60));
        if (!hangsAtOnce) await Until(() => !_disk.IsSet);

        var clock = Stopwatch.StartNew();
        capture.Stop(CaptureCause.Stopped);
        var result = await capture.Completion.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        Assert.Equal((CaptureCause.Stopped, CaptureStatus.Cancelled), (result.Cause, result.Status));
        Assert.Empty(result.Parts);
        if (!hangsAtOnce)
        {
            var left = Path.Combine(folder.Path, "crash.mp4");
            using (var source = new FileStream(target.Folder.Unfinished!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            using (var copy = File.Create(left))
            {
                await source.CopyToAsync(copy);
            }

            Assert.True(Mp4Recovery.Recover(left).HasKeyFrame);
            await Mp4File.MustBeSound(left);
        }

        // The disk comes back: the file gets its name after all.
        _disk.Set();
        await Until(() => target.Folder.Completed.Count == 1);
        await engine.DisposeAsync();
        await Mp4File.MustBeSound(folder["camera.mp4"]);
    }

    [Fact]
    public async Task A_file_that_is_read_faster_than_the_disk_writes_waits_for_it_and_loses_nothing()
    {
        var clip = await Clip.Encode("640x480", seconds: 2);
        using var never = new ManualResetEventSlim();
        using var attempt = new Attempt(memory: 1 << 20, write: (file, pieces, offset) =>
        {
            never.Wait(TimeSpan.FromMilliseconds(5));
            RandomAccess.Write(file, pieces, offset);
        });
        attempt.Recorder.OnTracks([clip.Track with { IsPaced = false }]);
        for (var i = 0; i < 750; i++) Assert.True(attempt.Recorder.OnPacket(clip.Packet(i % clip.Count, i * 3600L)));
        await attempt.Close();

        Assert.Empty(attempt.State.Warnings);
        Assert.Equal(750, (await Mp4File.Packets(attempt["camera.mp4"])).Count);
    }

    public void Dispose()
    {
        _disk.Set();
        _disk.Dispose();
    }

    private void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        _disk.Wait(TimeSpan.FromSeconds(60));
        RandomAccess.Write(file, pieces, offset);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition()) await Task.Delay(10, deadline.Token);
    }

    /// <summary>A disk on which creating a file hangs too.</summary>
    private sealed class HangingTarget(FolderTarget folder, ManualResetEventSlim? disk) : IRecordingTarget
    {
        public FolderTarget Folder => folder;

        public IRecordingFile CreatePart(int part)
        {
            disk?.Wait(TimeSpan.FromSeconds(60));
            return folder.CreatePart(part);
        }
    }
}
