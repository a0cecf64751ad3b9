using System.Security.Cryptography;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;

namespace OrleansRecorder.Media.Tests.Mp4;

/// <summary>Whatever goes in is in the fragments, and in the index, byte for byte.</summary>
public sealed class RoundTripTests
{
    private static readonly VideoFormat Video = new() { Codec = "mpeg4", Width = 64, Height = 48, Extradata = [0, 0, 1, 0xb0] };
    private static readonly AudioFormat Sound = new(16000, 1, 1024, [0x14, 0x08]);

    private sealed record Original(byte[] Data, long Decode, long Presentation, bool IsSync);

    [Fact]
    public void Samples_in_are_samples_in_the_fragments_and_samples_in_the_index()
    {
        for (var seed = 1; seed <= 150; seed++) Check(new Random(seed));
    }

    [Fact]
    public void A_last_picture_that_is_seen_until_a_moment_lasts_until_then()
    {
        var pool = new ChunkPool(1 << 20);
        var buffer = new MediaBuffer(pool);
        var writer = new Mp4Writer(Video, null, DateTimeOffset.UnixEpoch);
        var file = new WrittenFile(writer);
        for (var i = 0; i < 3; i++)
        {
            buffer.Append([1, 2, 3]);
            writer.AddPicture(3, i * 3600, i * 3600, isSync: true);
        }

        file.Add(writer.Cut(buffer, null, nextDecode: null));
        Assert.Equal(0.12, writer.Duration.TotalSeconds, 0.0001);

        // Nothing waits any more: only the index can know.
        Assert.Null(writer.CutLast(buffer, null, end: 90_000));
        Assert.Equal(1, writer.Duration.TotalSeconds, 0.0001);
        Assert.Equal(1, Mp4Recovery.Inspect(new MemoryStream(file.Fold().Bytes)).Duration.TotalSeconds, 0.0001);
    }

    [Fact]
    public void A_sample_that_is_not_later_than_the_one_before_is_refused()
    {
        var writer = new Mp4Writer(Video, Sound, DateTimeOffset.UnixEpoch);
        writer.AddPicture(1, 100, 100, isSync: true);
        writer.AddSound(1, 0);

        Assert.Throws<ArgumentException>(() => writer.AddPicture(1, 100, 200, isSync: false));
        Assert.Throws<ArgumentException>(() => writer.AddSound(1, 0));
        Assert.Throws<ArgumentException>(() => writer.AddSound(0, 1024));
    }

    [Fact]
    public void Sound_waits_for_the_first_picture_since_the_header_speaks_of_both()
    {
        var pool = new ChunkPool(1 << 20);
        var (video, sound) = (new MediaBuffer(pool), new MediaBuffer(pool));
        var writer = new Mp4Writer(Video, Sound, DateTimeOffset.UnixEpoch);
        sound.Append([1]);
        writer.AddSound(1, 0);
        Assert.Null(writer.Cut(video, sound, null));

        video.Append([2]);
        writer.AddPicture(1, -1800, 0, isSync: true);
        var file = new WrittenFile(writer);
        file.Add(writer.Cut(video, sound, null));
        var indexer = new FragmentIndexer();
        RecordingScan.Run(new MemoryStream(file.Bytes), indexer);
        Assert.Equal([-1800, 0], indexer.Tracks!.Select(track => track.Table.Begin));
    }

    [Fact]
    public void A_file_that_got_nothing_has_nothing_to_write()
    {
        using var buffer = new MediaBuffer(new ChunkPool(1 << 20));
        var writer = new Mp4Writer(Video, null, DateTimeOffset.UnixEpoch);

        Assert.Null(writer.Cut(buffer, null, null));
        writer.Fold((_, _) => Assert.Fail("there is nothing"));
        Assert.Equal(0, writer.Length);
    }

    private static void Check(Random random)
    {
        var pictures = Pictures(random);
        var frames = random.Next(4) == 0 ? [] : Frames(random);
        var file = Write(random, pictures, frames);

        var indexer = new FragmentIndexer();
        var scan = RecordingScan.Run(new MemoryStream(file.Bytes), indexer);
        Assert.Equal(file.Bytes.Length, scan.SoundLength);
        var origin = pictures[0].Decode;
        MustEqual(pictures, InFragments(indexer.Tracks![0], file.Bytes), origin: 0);
        if (frames.Count > 0) MustEqual(frames, InFragments(indexer.Tracks[1], file.Bytes), origin: 0);

        var folded = file.Fold().Bytes;
        MustEqual(pictures, InIndex(folded, 0), origin);
        if (frames.Count > 0) MustEqual(frames, InIndex(folded, 1), frames[0].Decode);
    }

    private static WrittenFile Write(Random random, List<Original> pictures, List<Original> frames)
    {
        var pool = new ChunkPool(64 << 20);
        var (video, sound) = (new MediaBuffer(pool), new MediaBuffer(pool));
        var writer = new Mp4Writer(Video, Sound, DateTimeOffset.UnixEpoch);
        var file = new WrittenFile(writer);
        var (picture, frame) = (0, 0);
        while (picture < pictures.Count || frame < frames.Count)
        {
            for (var n = random.Next(40); n > 0 && picture < pictures.Count; n--, picture++)
            {
                var (data, decode, presentation, isSync) = pictures[picture];
                video.Append(data);
                writer.AddPicture(data.Length, decode, presentation, isSync);
            }

            for (var n = random.Next(40); n > 0 && frame < frames.Count; n--, frame++)
            {
                sound.Append(frames[frame].Data);
                writer.AddSound(frames[frame].Data.Length, frames[frame].Decode);
            }

            // What lies in the buffer beyond, the beginning of a picture, stays there.
            byte[] beginning = [.. Enumerable.Repeat((byte)0xee, random.Next(3))];
            video.Append(beginning);
            file.Add(writer.Cut(video, sound, picture < pictures.Count && random.Next(3) > 0 ? pictures[picture].Decode : null));
            Assert.Equal(beginning.Length, video.End - video.Start);
            video.Truncate(video.Start);
        }

        video.Dispose();
        sound.Dispose();
        Assert.Equal(0, pool.InUse);
        Assert.Equal(file.Bytes.Length, writer.Length);
        return file;
    }

    private static List<Original> Pictures(Random random)
    {
        var decode = random.Next(3) == 0 ? -random.Next(20_000) : 0L;
        var reorders = random.Next(2) == 0;
        var list = new List<Original>();
        for (var n = random.Next(1, 200); n > 0; n--)
        {
            var size = random.Next(20) == 0 ? random.Next(1, 50_000) : random.Next(1, 300);
            list.Add(new Original(RandomNumberGenerator.GetBytes(size), decode, decode + (reorders ? random.Next(5) * 3600 : 0), list.Count == 0 || random.Next(25) == 0));
            decode += random.Next(3) == 0 ? random.Next(1, 200_000) : 3600;
        }

        return list;
    }

    private static List<Original> Frames(Random random)
    {
        var sample = random.Next(2) == 0 ? 0L : random.Next(30_000);
        var list = new List<Original>();
        for (var n = random.Next(0, 100); n > 0; n--)
        {
            list.Add(new Original(RandomNumberGenerator.GetBytes(random.Next(1, 300)), sample, sample, true));
            sample += random.Next(10) == 0 ? random.Next(1024, 40_000) : 1024;
        }

        return list;
    }

    private static List<Original> InFragments(IndexedTrack track, byte[] file)
    {
        var list = new List<Original>();
        var samples = track.Table.Samples();
        var chunks = track.Table.Chunks();
        while (chunks.MoveNext())
        {
            var at = (int)chunks.Position;
            for (var i = 0; i < chunks.Samples && samples.MoveNext(); i++)
            {
                var sample = samples.Current;
                list.Add(new Original(file[at..(at + sample.Length)], sample.Decode, sample.Decode + sample.Offset, sample.IsSync));
                at += sample.Length;
            }
        }

        return list;
    }

    private static List<Original> InIndex(byte[] file, int track) =>
        [.. IndexTables.Read(file, track).Select(e => new Original(file[(int)e.Position..(int)(e.Position + e.Length)], e.Decode, e.Decode + e.Offset, e.IsSync))];

    private static void MustEqual(List<Original> expected, List<Original> actual, long origin)
    {
        Assert.Equal(expected.Select(s => (s.Decode - origin, s.Presentation - origin, s.IsSync)), actual.Select(s => (s.Decode, s.Presentation, s.IsSync)));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Data, pair.Second.Data));
    }
}
