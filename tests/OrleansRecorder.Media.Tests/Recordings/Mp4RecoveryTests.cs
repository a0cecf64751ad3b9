using System.Buffers.Binary;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Fuzzing;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Recordings;

public sealed class Mp4RecoveryTests
{
    private static readonly RecoveredRecording Nothing = new(0, TimeSpan.Zero, HasKeyFrame: false);

    [Fact]
    public async Task A_file_cut_at_any_byte_recovers_to_whole_fragments_that_only_grow_and_gets_its_index()
    {
        var clip = await MuxedClip.Encode(3);
        var file = clip.Write(picturesPerFragment: 15);
        using var folder = new TemporaryFolder();
        var last = Nothing;
        for (var length = 0; length <= file.Bytes.Length; length++)
        {
            var recovered = Mp4Recovery.Inspect(new MemoryStream(file.Bytes, 0, length));
            Assert.True(recovered.Length <= length && recovered.Length >= last.Length && recovered.Duration >= last.Duration);
            if (recovered.HasKeyFrame && recovered.Length != last.Length) await IsSound(file.Bytes[..length], recovered, folder);
            last = recovered;
        }

        Assert.Equal(file.Bytes.Length, last.Length);
        Assert.Equal(3, last.Duration.TotalSeconds, 0.001);
    }

    [Fact]
    public async Task A_file_of_FFmpeg_is_cut_after_its_last_whole_fragment_and_stays_as_it_is_otherwise()
    {
        using var folder = new TemporaryFolder();
        var path = folder["ffmpeg.mp4"];
        await Shell.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=3", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-g", "25",
            "-movflags", "frag_keyframe+empty_moov+default_base_moof", path);
        var whole = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)]);

        var recovered = Mp4Recovery.Recover(path);

        Assert.Equal(1, recovered.Duration.TotalSeconds, 0.001);
        Assert.Equal(whole[..(int)recovered.Length], await File.ReadAllBytesAsync(path));
        await Mp4File.MustBeSound(path);
    }

    [Fact]
    public async Task A_file_that_is_whole_already_is_left_alone()
    {
        var folded = (await MuxedClip.Encode(3)).Write().Fold().Bytes;
        var stream = new MemoryStream((byte[])folded.Clone());

        Assert.Equal(new RecoveredRecording(folded.Length, TimeSpan.FromSeconds(3), HasKeyFrame: true), Mp4Recovery.Recover(stream));
        Assert.Equal(folded, stream.ToArray());
    }

    [Fact]
    public async Task Without_room_for_the_index_the_fragments_stay()
    {
        var file = (await MuxedClip.Encode(3)).Write().Bytes;
        using var full = new FullDisk(file.Length + 300);
        full.Write(file);

        Assert.Equal(new RecoveredRecording(file.Length, TimeSpan.FromSeconds(3), HasKeyFrame: true), Mp4Recovery.Recover(full));
        Assert.Equal(file, full.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Garbage_holds_nothing(int length)
    {
        var garbage = new byte[length];
        new Random(length).NextBytes(garbage);
        Assert.Equal(Nothing, Mp4Recovery.Inspect(new MemoryStream(garbage)));
    }

    [Fact]
    public async Task A_few_bytes_that_claim_billions_of_samples_cost_nothing()
    {
        var file = (await MuxedClip.Encode(3)).Write().Bytes;
        // 4 G samples that all have the defaults, 50,000 times.
        var run = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(run, run.Length);
        "trun"u8.CopyTo(run.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(run.AsSpan(12), uint.MaxValue);
        var header = Convert.FromHexString("000000147466686400000008" + "00000001" + "00000e10");
        byte[] fragment = [.. Box("traf", [.. header, .. Enumerable.Repeat(run, 50_000).SelectMany(bytes => bytes)])];
        byte[] hostile = [.. file, .. Box("moof", fragment), .. Box("mdat", [0])];

        var recovering = Task.Run(() => Mp4Recovery.Recover(Expandable(hostile)));

        Assert.True((await recovering.WaitAsync(TimeSpan.FromSeconds(5))).HasKeyFrame);
    }

    [Fact]
    [Trait("Category", "Fuzzing")]
    public async Task Whatever_a_file_holds_recovery_neither_throws_nor_hangs_nor_takes_more_memory_than_a_few_files()
    {
        const long modest = 8 << 20;
        var file = (await MuxedClip.Encode(0.4, size: "64x48")).Write(picturesPerFragment: 4);
        var fragmented = file.Bytes;
        var folded = file.Fold().Bytes;
        Fuzzer.Run("recovery", [fragmented, folded, folded[..^5], fragmented[..^5]], input =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var inspected = Mp4Recovery.Inspect(new MemoryStream(input));
            var stream = Expandable(input);
            var recovered = Mp4Recovery.Recover(stream);
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.InRange(inspected.Length, 0, input.Length);
            Assert.Equal(inspected.HasKeyFrame, recovered.HasKeyFrame);
            if (!recovered.HasKeyFrame) Assert.Equal(input, stream.ToArray());
            else Assert.Equal(recovered, Mp4Recovery.Recover(stream));
            Assert.InRange(taken, 0, modest + (16 * input.Length));
        });
    }

    private static byte[] Box(string name, byte[] body)
    {
        var box = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        System.Text.Encoding.ASCII.GetBytes(name, box.AsSpan(4));
        body.CopyTo(box, 8);
        return box;
    }

    private static async Task IsSound(byte[] cut, RecoveredRecording inspected, TemporaryFolder folder)
    {
        var path = folder[$"cut{inspected.Length}.mp4"];
        await File.WriteAllBytesAsync(path, [.. cut, .. new byte[100]]);
        var recovered = Mp4Recovery.Recover(path);

        Assert.Equal(inspected.Duration, recovered.Duration);
        Assert.True(recovered.Length > inspected.Length, "it has its index");
        await Mp4File.MustBeSound(path);
        Assert.Equal(await Mp4File.Duration(path), recovered.Duration.TotalSeconds, 0.001);
    }

    private static MemoryStream Expandable(byte[] bytes)
    {
        var stream = new MemoryStream();
        stream.Write(bytes);
        return stream;
    }

    /// <summary>Takes no byte beyond a size.</summary>
    private sealed class FullDisk(long size) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var room = (int)Math.Clamp(size - Position, 0, buffer.Length);
            base.Write(buffer[..room].ToArray(), 0, room);
            if (room < buffer.Length) throw new IOException("No space left on device");
        }
    }
}
