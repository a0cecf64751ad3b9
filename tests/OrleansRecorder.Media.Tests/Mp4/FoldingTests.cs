using System.Buffers.Binary;
using System.Text;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Mp4;

/// <summary>The step from fragments to one index: whatever part of it reached the disk, the file plays.</summary>
public sealed class FoldingTests
{
    private const double Seconds = 3;

    [Fact]
    public async Task A_file_has_one_moov_and_all_its_media_after_every_byte_of_the_fold()
    {
        var clip = await MuxedClip.Encode(Seconds, "-c:v libx264 -preset veryfast -bf 2");
        var file = clip.Write();
        var fragmented = file.Bytes;
        var states = Prefixes(fragmented, file.Fold().FoldingWrites).ToList();

        Assert.Equal(file.Bytes, states[^1]);
        foreach (var state in states)
        {
            var left = Mp4Recovery.Inspect(new MemoryStream(state));
            Assert.True(left.HasKeyFrame);
            Assert.Equal(Seconds, left.Duration.TotalSeconds, 0.001);
            Assert.True(left.Length == fragmented.Length || left.Length == file.Bytes.Length);
            Assert.Single(TopLevel(state), box => box == "moov");
        }

        Assert.Equal(["ftyp", "mdat", "moov"], TopLevel(file.Bytes));
        var played = await Players.MustPlay(Few(states), clip);
        // The sound's last frame ends a little later.
        Assert.Equal(Seconds, played[^1].Duration!.Value, 0.08);
    }

    [Fact]
    public async Task Recovery_brings_a_file_that_was_cut_at_any_byte_of_the_fold_to_the_same_end()
    {
        var clip = await MuxedClip.Encode(Seconds);
        var file = clip.Write();
        var fragmented = file.Bytes;
        var states = Prefixes(fragmented, file.Fold().FoldingWrites).ToList();
        foreach (var state in states)
        {
            var stream = Expandable(state);
            Mp4Recovery.Recover(stream);
            Assert.Equal(file.Bytes, stream.ToArray());
        }
    }

    [Fact]
    public async Task A_folded_file_whose_index_was_lost_becomes_one_again()
    {
        var clip = await MuxedClip.Encode(Seconds);
        var file = clip.Write().Fold();
        for (var length = file.FragmentEnds[^1]; length < file.Bytes.Length; length++)
        {
            var stream = Expandable(file.Bytes[..(int)length]);
            var recovered = Mp4Recovery.Recover(stream);
            Assert.Equal(file.Bytes, stream.ToArray());
            Assert.Equal(file.Bytes.Length, recovered.Length);
        }

        // What a disk shows where a file was made longer, and its data was not written yet.
        var zeroed = Expandable([.. file.Bytes[..(int)file.FragmentEnds[^1]], .. new byte[file.Bytes.Length - file.FragmentEnds[^1]]]);
        Mp4Recovery.Recover(zeroed);
        Assert.Equal(file.Bytes, zeroed.ToArray());
    }

    [Fact]
    public async Task A_file_longer_than_32_bits_has_long_positions_and_plays_from_its_end()
    {
        var clip = await MuxedClip.Encode(1);
        using var folder = new TemporaryFolder();
        var path = folder["long.mp4"];
        var file = clip.Write();
        const long gap = 5L << 30;
        await using (var output = File.Create(path))
        {
            // A hole where hours of media would be.
            output.Write(file.Bytes);
            var tracks = Shifted(file.Bytes, gap - file.Bytes.Length, out var startedAt);
            output.SetLength(gap);
            output.Position = gap;
            output.Write(file.Bytes);
            var end = Folding.Write(tracks, startedAt, output.Length, (position, bytes) =>
            {
                output.Position = position;
                output.Write(bytes);
            }, settle: null);
            Assert.Equal(end, output.Length);
        }

        await Mp4File.MustBeSound(path);
        Assert.Equal(clip.Pictures.Count, (await Mp4File.Packets(path)).Count);
        Assert.Contains("co64", TablesOf(path));
        Assert.True(Mp4Recovery.Inspect(path) is { HasKeyFrame: true, Length: > gap });
    }

    [Fact]
    public async Task Fragments_beyond_32_bits_of_bytes_and_of_time_that_were_cut_are_recovered_and_play()
    {
        const long Hole = 5L << 30;
        const long Step = 1L << 30;
        const int Gop = 25;
        var clip = await MuxedClip.Encode(7, sound: null);
        var times = clip.Pictures.Select((picture, i) => picture.Decode + (i / Gop * Step)).ToArray();
        var writer = new Mp4Writer(clip.Video, null, DateTimeOffset.UnixEpoch);
        using var pictures = new MediaBuffer(new ChunkPool(64 << 20));
        var writes = new List<FileWrite>();
        for (var i = 0; i < times.Length; i++)
        {
            if (i > 0 && i % Gop == 0) writes.Add(writer.Cut(pictures, null, times[i])!);
            pictures.Append(clip.Pictures[i].Data);
            writer.AddPicture(clip.Pictures[i].Data.Length, times[i], times[i], clip.Pictures[i].IsSync);
        }

        writes.Add(writer.CutLast(pictures, null, end: null)!);
        using var folder = new TemporaryFolder();
        var path = folder["long.mp4"];
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
            // What is behind the first fragment lies behind a hole where hours of media would be.
            RandomAccess.Write(file, writes[0].Pieces, 0);
            RandomAccess.Write(file, (byte[])[0, 0, 0, 1, (byte)'f', (byte)'r', (byte)'e', (byte)'e', .. BigEndian(Hole)], writes[1].Offset);
            foreach (var write in writes.Skip(1)) RandomAccess.Write(file, write.Pieces, Hole + write.Offset);
            RandomAccess.SetLength(file, Hole + writes[^1].Offset + (writes[^1].Length / 2));
        }

        foreach (var run in writes.SelectMany(write => write.Chunks)) run.Dispose();
        Assert.Equal(Hole + writes[^1].Offset, Mp4Recovery.Inspect(path).Length);
        var recovered = Mp4Recovery.Recover(path);
        Assert.InRange(recovered.Length, Hole + writes[^1].Offset, Hole + writes[^1].Offset + 10_000);
        Assert.Contains("co64", TablesOf(path));
        Assert.True(times[6 * Gop - 1] > uint.MaxValue);
        Assert.Equal(times.Take(6 * Gop), (await Mp4File.Packets(path)).Select(packet => (long)Math.Round(packet.Pts * Mp4Writer.VideoClock)));
        await File.WriteAllBytesAsync(folder["clip.mp4"], clip.Write().Fold().Bytes);
        Assert.Equal((await Hashes(folder["clip.mp4"])).Take(6 * Gop), await Hashes(path));
    }

    [Fact]
    public void The_table_of_samples_takes_about_three_bytes_each()
    {
        var table = new SampleTable();
        var random = new Random(7);
        for (var i = 0; i < 90_000; i++) table.Add(new Sample(random.Next(2_000, 20_000), i * 3600L, 0, i % 50 == 0), 3600);

        Assert.InRange(table.Memory, 90_000, 90_000 * 3.1);
    }

    [Fact]
    public void The_index_of_an_hour_goes_to_the_disk_in_pieces_and_never_lies_in_memory()
    {
        var table = new SampleTable();
        for (var second = 0; second < 3600; second++)
        {
            for (var i = 0; i < 25; i++) table.Add(new Sample(5000 + i, ((second * 25) + i) * 3600L, (i % 3) * 3600, i == 0), 3600);
            table.AddChunk(second * 200_000L, 25, 25 * 5000);
        }

        var header = new TrackHeader { Id = 1, IsVideo = true, Timescale = 90_000, SampleDescription = new byte[8] };
        var (pieces, written, settled) = (0, 0L, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = Folding.Write([new IndexedTrack(header, table)], DateTimeOffset.UnixEpoch, 1 << 20, (_, bytes) =>
        {
            pieces++;
            written += bytes.Length;
            Assert.InRange(bytes.Length, 1, 65 << 10);
        }, () => settled = pieces);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(length - (1 << 20) > 1_000_000);
        Assert.Equal(length - (1 << 20) + 16, written);
        Assert.Equal(pieces - 2, settled);
        Assert.InRange(allocated, 0, 400_000);
    }

    // The samples of a file that lies somewhere else in another one.
    private static IReadOnlyList<IndexedTrack> Shifted(byte[] file, long shift, out DateTimeOffset startedAt)
    {
        var indexer = new FragmentIndexer();
        RecordingScan.Run(new MemoryStream(file), indexer);
        startedAt = indexer.StartedAt;
        return [.. indexer.Tracks!.Select(track => track with { Table = Move(track.Table, shift + file.Length) })];
    }

    private static SampleTable Move(SampleTable table, long shift)
    {
        var moved = new SampleTable();
        var samples = table.Samples();
        var chunks = table.Chunks();
        while (chunks.MoveNext())
        {
            var length = 0L;
            for (var i = 0; i < chunks.Samples && samples.MoveNext(); i++)
            {
                moved.Add(samples.Current, samples.Duration);
                length += samples.Current.Length;
            }

            moved.AddChunk(chunks.Position + shift, chunks.Samples, length);
        }

        return moved;
    }

    private static IEnumerable<byte[]> Prefixes(byte[] file, IEnumerable<(long Position, byte[] Bytes)> writes)
    {
        yield return file;
        foreach (var (position, bytes) in writes)
        {
            for (var i = 1; i <= bytes.Length; i++) yield return WrittenFile.Put(file, position, bytes.AsSpan(0, i));
            file = WrittenFile.Put(file, position, bytes);
        }
    }

    // Before it, in the head of the free box, in the index, and every byte of the placeholder's turn.
    private static IEnumerable<byte[]> Few(List<byte[]> states) =>
        [states[0], states[3], states[8], states[states.Count / 2], states[^17], states[^12], states[^9], .. states[^8..]];

    private static List<string> TopLevel(byte[] file)
    {
        var names = new List<string>();
        for (var at = 0L; BoxHead.TryRead(new MemoryStream(file), at, out var box); at = box.End) names.Add(box.Name);
        return names;
    }

    private static string TablesOf(string path)
    {
        using var file = File.OpenRead(path);
        file.Position = file.Length - Math.Min(file.Length, 64 << 10);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static byte[] BigEndian(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    private static async Task<string[]> Hashes(string path)
    {
        var output = await Shell.Run("ffmpeg", "-v", "error", "-xerror", "-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-");
        Assert.Equal("", output.Errors);
        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(',')[^1].Trim())];
    }

    private static MemoryStream Expandable(byte[] bytes)
    {
        var stream = new MemoryStream();
        stream.Write(bytes);
        return stream;
    }
}
