using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Mp4;

/// <summary>A writer whose file grows beyond what 32 bits can count.</summary>
public sealed class LongFileTests
{
    private const int Gop = 25;

    // Of each picture of the first second: 4.3 GiB in all.
    private const int Filler = 192 << 20;
    private const byte FillerUnit = 12;

    [Fact]
    public async Task What_is_cut_beyond_32_bits_of_bytes_lies_where_its_fragments_and_the_index_say()
    {
        var clip = await MuxedClip.Encode(2, sound: null);
        using var folder = new TemporaryFolder();
        var path = folder["long.mp4"];
        var writer = new Mp4Writer(clip.Video, null, DateTimeOffset.UnixEpoch);
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            Write(clip, writer, file);
            Assert.InRange(writer.Length, 1L << 32, 1L << 33);
            RandomAccess.SetLength(file, writer.Length);
            Assert.Equal(TimeSpan.FromSeconds(2), Mp4Recovery.Inspect(path).Duration);
            Assert.Equal(await Hashes(folder, clip), await LastSecond(path));

            writer.Fold((position, bytes) => RandomAccess.Write(file, bytes, position));
        }

        Assert.Equal(new RecoveredRecording(writer.Length, TimeSpan.FromSeconds(2), HasKeyFrame: true), Mp4Recovery.Inspect(path));
        Assert.Equal(await Hashes(folder, clip), await LastSecond(path));
    }

    // In place of the fillers the file has holes.
    private static void Write(MuxedClip clip, Mp4Writer writer, SafeFileHandle file)
    {
        using var pictures = new MediaBuffer(new ChunkPool(2L << 30));
        var zeros = new byte[1 << 20];
        byte[] head = [0, 0, 0, 0, FillerUnit];
        BinaryPrimitives.WriteInt32BigEndian(head, Filler + 1);
        for (var i = 0; i < clip.Pictures.Count; i++)
        {
            var (data, decode, presentation, isSync) = clip.Pictures[i];
            var isLong = i < Gop;
            // One fragment a long picture, and one for the others.
            if (i > 0 && i <= Gop) Put(writer.Cut(pictures, null, decode)!, clip.Pictures[i - 1].Data.Length + head.Length, file);
            pictures.Append(data);
            if (isLong) pictures.Append(head);
            for (var n = 0; isLong && n < Filler; n += zeros.Length) pictures.Append(zeros);
            writer.AddPicture(data.Length + (isLong ? head.Length + Filler : 0), decode, presentation, isSync);
        }

        Put(writer.CutLast(pictures, null, end: null)!, int.MaxValue, file);
    }

    private static void Put(FileWrite write, int most, SafeFileHandle file)
    {
        var position = write.Offset;
        RandomAccess.Write(file, write.Pieces[0].Span, position);
        position += write.Pieces[0].Length;
        foreach (var piece in write.Pieces.Skip(1))
        {
            if (most <= 0) break;
            var count = Math.Min(piece.Length, most);
            RandomAccess.Write(file, piece.Span[..count], position);
            position += count;
            most -= count;
        }

        foreach (var run in write.Chunks) run.Dispose();
    }

    private static async Task<string[]> Hashes(TemporaryFolder folder, MuxedClip clip)
    {
        await File.WriteAllBytesAsync(folder["clip.mp4"], clip.Write().Fold().Bytes);
        return await LastSecond(folder["clip.mp4"]);
    }

    private static async Task<string[]> LastSecond(string path)
    {
        var output = await Shell.Run("ffmpeg", "-v", "error", "-xerror", "-ss", "1", "-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-");
        Assert.Equal("", output.Errors);
        string[] hashes = [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(',')[^1].Trim())];
        Assert.Equal(Gop, hashes.Length);
        return hashes;
    }
}
