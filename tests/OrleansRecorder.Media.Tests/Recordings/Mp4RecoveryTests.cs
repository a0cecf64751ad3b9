using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Recordings;

public sealed class Mp4RecoveryTests(GStreamerServer server) : IClassFixture<GStreamerServer>
{
    [Fact]
    public async Task A_file_cut_at_any_byte_recovers_to_whole_fragments_that_only_grow()
    {
        await using var recorder = new Recorder();
        await recorder.Record(Orders.For(server.Url("/low"), seconds: 3));
        var whole = await File.ReadAllBytesAsync(recorder.Files[0]);

        var last = new RecoveredRecording(0, TimeSpan.Zero, HasKeyFrame: false);
        var lengths = new HashSet<long>();
        for (var length = 0; length <= whole.Length; length++)
        {
            var recovered = Mp4Recovery.Inspect(new MemoryStream(whole, 0, length));
            Assert.True(recovered.Length <= length && recovered.Length >= last.Length && recovered.Duration >= last.Duration);
            if (recovered.HasKeyFrame && lengths.Add(recovered.Length)) await IsSound(whole, recovered, recorder.Folder);
            last = recovered;
        }

        Assert.Equal(whole.Length, last.Length);
        Assert.Equal(3, last.Duration.TotalSeconds, 0.3);
        Assert.True(lengths.Count >= 3, "fragments end at least once a second");
    }

    [Fact]
    public async Task Changed_bytes_never_throw_nor_hang()
    {
        await using var recorder = new Recorder();
        await recorder.Record(Orders.For(server.Url("/low"), seconds: 1));
        var whole = await File.ReadAllBytesAsync(recorder.Files[0]);
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = (byte[])whole.Clone();
            for (var i = random.Next(1, 20); i > 0; i--) damaged[random.Next(Math.Min(damaged.Length, 4000))] = (byte)random.Next(256);
            var recovered = Mp4Recovery.Inspect(new MemoryStream(damaged));
            Assert.InRange(recovered.Length, 0, damaged.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Garbage_holds_nothing(int length)
    {
        var garbage = new byte[length];
        new Random(length).NextBytes(garbage);
        Assert.Equal(new RecoveredRecording(0, TimeSpan.Zero, HasKeyFrame: false), Mp4Recovery.Inspect(new MemoryStream(garbage)));
    }

    private static async Task IsSound(byte[] whole, RecoveredRecording recovered, string folder)
    {
        var path = Path.Combine(folder, $"cut{recovered.Length}.mp4");
        await File.WriteAllBytesAsync(path, whole[..(int)recovered.Length]);
        await Mp4File.MustBeSound(path);
        Assert.Equal(await Mp4File.Duration(path), recovered.Duration.TotalSeconds, 0.1);
    }
}
