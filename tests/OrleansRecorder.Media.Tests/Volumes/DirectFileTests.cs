using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Media.Volumes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Volumes;

/// <summary>Recordings that grow past the page cache. Where the tests' folder is of a kind that is not written so, the same must be true of the ordinary way.</summary>
public sealed class DirectFileTests : IDisposable
{
    private const int Block = DirectWrites.Block;
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly DirectWrites _disk;
    private readonly SafeFileHandle _file;
    private readonly List<byte> _given = [];

    public DirectFileTests()
    {
        _disk = new DirectWrites(_time);
        _file = Open("a");
    }

    [Fact]
    public void After_each_write_the_file_is_what_it_was_given_and_an_empty_box_up_to_the_blocks_end()
    {
        var direct = new DirectFile(_disk, _time);
        var random = new Random(1);
        // Ends just before, at and behind a block's end, where an empty box has no room for its head; more than a call takes; next to nothing.
        int[] lengths = [100_000, 1, Block - 1, (26 * Block) - 104_096 - 3, 3, DirectWrites.PieceLength, (3 * DirectWrites.PieceLength) + 17, 5,
            .. Enumerable.Range(0, 60).Select(_ => random.Next(1, 20_000)), .. Enumerable.Range(0, 10).Select(_ => random.Next(1, 3_000_000))];
        foreach (var length in lengths)
        {
            Append(direct, length, random);
            Assert.Equal(DirectAccess.IsFit(_file), DirectAccess.IsOn(_file));
            var bytes = Read();
            Assert.True(bytes.AsSpan(0, _given.Count).SequenceEqual(CollectionsMarshal.AsSpan(_given)));
            if (!DirectAccess.IsFit(_file)) continue;
            Assert.Equal(0, bytes.Length % Block);
            var rest = bytes.AsSpan(_given.Count);
            Assert.InRange(rest.Length, 0, Block + 7);
            if (rest.Length == 0) continue;
            Assert.Equal(rest.Length, BinaryPrimitives.ReadInt32BigEndian(rest));
            Assert.True(rest[4..8].SequenceEqual("free"u8) && !rest[8..].ContainsAnyExcept((byte)0));
        }

        direct.End(_file);
        Assert.False(DirectAccess.IsOn(_file));
        Assert.True(Read().AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(_given)));
    }

    [Fact]
    public void Small_fragments_and_files_of_other_kinds_are_written_the_ordinary_way()
    {
        var small = new DirectFile(_disk, _time);
        Append(small, DirectWrites.LeastLength - 1);
        Append(small, DirectWrites.LeastLength);
        Assert.False(DirectAccess.IsOn(_file));
        Assert.True(Read().AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(_given)));

        using var elsewhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        Assert.False(new DirectFile(_disk, _time).TryAppend(elsewhere, Bytes(0, new byte[DirectWrites.LeastLength])));
    }

    [Fact]
    public void A_disk_that_becomes_slow_is_left_to_the_page_cache_and_tried_again_after_ten_minutes()
    {
        var slow = TimeSpan.Zero;
        var direct = new DirectFile(_disk, _time, (file, blocks, position) =>
        {
            _time.Advance(slow);
            RandomAccess.Write(file, blocks, position);
        });
        for (var i = 0; i < 20; i++) Append(direct, 70_000);
        Assert.Equal(DirectAccess.IsFit(_file), DirectAccess.IsOn(_file));

        // A moment is no reason; staying so is.
        slow = TimeSpan.FromMilliseconds(20);
        Append(direct, 70_000);
        Assert.Equal(DirectAccess.IsFit(_file), DirectAccess.IsOn(_file));
        for (var i = 0; i < 40; i++) Append(direct, 70_000);
        Assert.False(DirectAccess.IsOn(_file));
        Assert.True(Read().AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(_given)));
        if (!DirectAccess.IsFit(_file)) return;

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(IsDirect("b"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(IsDirect("c"));
    }

    [Fact]
    public void A_write_that_the_disk_refuses_is_done_the_ordinary_way()
    {
        var direct = new DirectFile(_disk, _time, (file, blocks, position) =>
        {
            // In the midst of a fragment, when some of it is there already.
            if (position >= 2 * DirectWrites.PieceLength) throw new IOException("Invalid argument");
            RandomAccess.Write(file, blocks, position);
        });
        Append(direct, 70_001);
        Append(direct, 3 * DirectWrites.PieceLength);
        Append(direct, 5);

        Assert.False(DirectAccess.IsOn(_file));
        Assert.True(Read().AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(_given)));
        Assert.False(DirectAccess.IsFit(_file) && IsDirect("b"));
    }

    [Fact]
    public async Task A_crash_in_the_midst_of_a_write_leaves_every_fragment_before_it()
    {
        var file = (await MuxedClip.Encode(4, "-c:v libx264 -preset ultrafast -bf 0", size: "1280x720")).Write(picturesPerFragment: 10);
        var direct = new DirectFile(_disk, _time);
        var random = new Random(2);
        long begin = 0;
        byte[] before = [];
        foreach (var end in file.FragmentEnds)
        {
            Append(direct, file.Bytes[(int)begin..(int)end]);
            var after = Read();
            for (var sectors = begin / 512; sectors * 512 <= after.Length; sectors += random.Next(1, 40)) IsSound(before, after, (int)sectors * 512, begin, end);
            begin = end;
            before = after;
        }

        direct.End(_file);
        Assert.Equal(file.Bytes, Read());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    // The disk took the first bytes of a write, and has the others as they were.
    private void IsSound(byte[] before, byte[] after, int taken, long begin, long end)
    {
        byte[] left = [.. after.AsSpan(0, taken), .. before.AsSpan(Math.Min(taken, before.Length))];
        var recovered = Mp4Recovery.Inspect(new MemoryStream(left));
        Assert.Equal(taken >= end ? end : begin, recovered.Length);
    }

    private bool IsDirect(string name)
    {
        using var file = Open(name);
        var direct = new DirectFile(_disk, _time);
        direct.TryAppend(file, Bytes(0, new byte[DirectWrites.LeastLength]));
        return DirectAccess.IsOn(file);
    }

    private void Append(DirectFile direct, int length, Random? random = null)
    {
        var bytes = new byte[length];
        (random ?? new Random(length)).NextBytes(bytes);
        Append(direct, bytes);
    }

    private void Append(DirectFile direct, byte[] bytes)
    {
        var write = Bytes(_given.Count, bytes);
        if (!direct.TryAppend(_file, write)) RandomAccess.Write(_file, write.Pieces, write.Offset);
        _given.AddRange(bytes);
    }

    private byte[] Read()
    {
        using var file = new FileStream(_folder["a"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private SafeFileHandle Open(string name) => File.OpenHandle(_folder[name], FileMode.Create, FileAccess.Write, FileShare.Read);

    // In pieces of many lengths, as from chunks.
    private static FileWrite Bytes(long offset, byte[] data)
    {
        List<ReadOnlyMemory<byte>> pieces = [];
        for (var at = 0; at < data.Length;)
        {
            var length = Math.Min(data.Length - at, pieces.Count % 3 == 0 ? 777 : ChunkPool.ChunkSize);
            pieces.Add(data.AsMemory(at, length));
            at += length;
        }

        return new FileWrite(offset, pieces, []);
    }
}
