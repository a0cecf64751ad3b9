using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Volumes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Volumes;

/// <summary>Disks that are slow, hang and fail, as functions of the test.</summary>
public sealed class VolumeWritersTests
{
    private readonly ChunkPool _pool = new(limit: 1 << 30);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_writes_of_a_file_are_done_in_their_order_and_never_two_at_once()
    {
        var atWork = 0;
        var most = 0;
        var writers = Writers((file, pieces, offset) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref atWork));
            most = Math.Max(most, pieces.Count);
            RandomAccess.Write(file, pieces, offset);
            Interlocked.Decrement(ref atWork);
        });
        var queue = Open(writers, "a", out var file);
        for (var i = 0; i < 500; i++) queue.Write(Bytes(i * 4, BitConverter.GetBytes(i)));
        await queue.Run(() => file.Dispose()).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(queue.Failure);
        var bytes = await File.ReadAllBytesAsync(_folder["a"]);
        Assert.Equal(Enumerable.Range(0, 500), bytes.Chunk(4).Select(chunk => BitConverter.ToInt32(chunk)));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_disk_that_hangs_holds_up_neither_who_hands_it_work_nor_another_disk()
    {
        using var gate = new ManualResetEventSlim();
        var writers = Writers((file, pieces, offset) =>
        {
            if (offset >= 1000) gate.Wait(TimeSpan.FromSeconds(60));
            RandomAccess.Write(file, pieces, offset);
        });
        var hanging = Enumerable.Range(0, 5).Select(i => Open(writers, $"h{i}", out _, volume: "hanging")).ToList();
        foreach (var queue in hanging) queue.Write(Bytes(1000, new byte[100]));
        var well = Open(writers, "w", out _, volume: "well");
        well.Write(Bytes(0, new byte[100]));

        await well.Run(() => { }).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(500, writers.Waiting);
        gate.Set();
        await Task.WhenAll(hanging.Select(queue => queue.Run(() => { }))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, writers.Waiting);
    }

    [Fact]
    public async Task Fragments_are_written_although_another_file_is_long_in_ending()
    {
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        using var written = new CountdownEvent(3);
        var writers = Writers((file, pieces, offset) =>
        {
            RandomAccess.Write(file, pieces, offset);
            written.Signal();
        });
        var end = Open(writers, "ending", out _).Run(() =>
        {
            begun.SetResult();
            gate.Wait(TimeSpan.FromSeconds(60));
        });
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 3; i++) Open(writers, $"f{i}", out _).Write(Bytes(0, new byte[100]));

        Assert.True(written.Wait(TimeSpan.FromSeconds(30)));
        gate.Set();
        await end.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task There_is_room_until_the_limit_and_again_when_something_was_written()
    {
        using var gate = new ManualResetEventSlim();
        var writers = Writers((_, _, _) => gate.Wait(TimeSpan.FromSeconds(60)), limit: 1000);
        var queue = Open(writers, "a", out _);
        var neighbour = Open(writers, "b", out _);
        queue.Write(Bytes(0, new byte[900]));
        Assert.True(queue.HasRoom);
        queue.Write(Bytes(900, new byte[200]));
        Assert.False(queue.HasRoom);
        // Who has nothing waiting may always hand over something.
        Assert.True(neighbour.HasRoom);
        neighbour.Write(Bytes(0, new byte[100]));
        Assert.False(neighbour.HasRoom);

        var waiting = Task.Run(() => queue.WaitForRoom(TimeSpan.FromSeconds(60)));
        gate.Set();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        await Task.WhenAll(queue.Run(() => { }), neighbour.Run(() => { })).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(queue.HasRoom && neighbour.HasRoom);
    }

    [Fact]
    public async Task After_a_failure_nothing_more_is_written_but_all_memory_is_given_back_and_other_work_is_done()
    {
        var offsets = new ConcurrentQueue<long>();
        var meter = new Meter();
        var writers = Writers((_, _, offset) =>
        {
            offsets.Enqueue(offset);
            if (offset == 100) throw new IOException("the disk has gone");
        }, meter: meter);
        var queue = Open(writers, "a", out _);
        for (var i = 0; i < 5; i++) queue.Write(Bytes(i * 100, new byte[100]));
        await queue.Run(() => { }).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([0, 100], offsets);
        Assert.Equal([100], meter.Writes);
        Assert.Equal("the disk has gone", queue.Failure?.Message);
        Assert.Equal((0, 0), (_pool.InUse, writers.Waiting));
        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.Run(() => throw new InvalidOperationException()));
    }

    [Fact]
    public async Task A_thread_that_dies_is_replaced()
    {
        var meter = new DeadlyMeter();
        var writers = new VolumeWriters(1 << 20, TimeProvider.System, meter, RandomAccess.Write);
        var queue = Open(writers, "a", out _);
        for (var i = 0; i < 20; i++) queue.Write(Bytes(i * 10, new byte[10]));
        await queue.Run(() => { }).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(20, meter.Writes);
        Assert.Equal(200, new FileInfo(_folder["a"]).Length);
    }

    private VolumeWriters Writers(GatheringWrite write, long limit = 1 << 30, Meter? meter = null) => new(limit, TimeProvider.System, meter ?? new Meter(), write);

    private IFileQueue Open(VolumeWriters writers, string name, out SafeFileHandle file, string volume = "")
    {
        file = File.OpenHandle(_folder[name], FileMode.Create, FileAccess.Write);
        var queue = writers.Open(volume);
        queue.File = file;
        return queue;
    }

    private FileWrite Bytes(long offset, byte[] data)
    {
        using var buffer = new MediaBuffer(_pool);
        buffer.Append(data);
        var run = buffer.Take(buffer.End);
        return new FileWrite(offset, run.Pieces, [run]);
    }

    private sealed class Meter : IWriteMeter
    {
        public ConcurrentQueue<long> Writes { get; } = [];

        public void Wrote(long bytes, TimeSpan duration) => Writes.Enqueue(bytes);
    }

    /// <summary>Throws where nothing may be thrown.</summary>
    private sealed class DeadlyMeter : IWriteMeter
    {
        public int Writes { get; private set; }

        public void Wrote(long bytes, TimeSpan duration)
        {
            if (++Writes % 5 == 0) throw new InvalidOperationException("a defect");
        }
    }
}
