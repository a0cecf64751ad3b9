using System.Buffers.Binary;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Tests.Rtp.Support;
using OrleansRecorder.Media.Tests.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>Sizes that only the stream tells, on their way into files (R37, R38).</summary>
public sealed class PictureSizeTests
{
    private const string Layer = "0000012000C48D8800550204061443";
    private const string Headers = "000001B001" + "000001B58913" + "00000100" + Layer;

    [Fact]
    public async Task R37_A_file_of_motion_jpeg_has_the_size_that_its_packets_tell_and_another_size_begins_another_file()
    {
        var sizes = await Record("JPEG", Frame(8, 6), Frame(8, 6), Frame(16, 12), Frame(16, 12));

        Assert.Equal([(64, 48), (128, 96)], sizes);
    }

    [Fact]
    public async Task R37_A_file_of_whole_jpeg_files_has_their_size()
    {
        byte[] file = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0, 0xFF, 0xDA, 1, 2, 0xFF, 0xD9];

        Assert.Equal([(64, 48)], await Record("JPEG", [0, 0, 0, 0, 1, 50, 0, 0, .. file]));
    }

    [Fact]
    public async Task R38_A_file_of_mpeg4_has_the_size_and_the_headers_that_only_the_stream_tells()
    {
        var sizes = await Record("MP4V-ES", Convert.FromHexString(Headers + "000001B61011"), Convert.FromHexString("000001B65011"), Convert.FromHexString(Headers + "000001B61012"));

        Assert.Equal([(64, 48)], sizes);
    }

    [Fact]
    public void R38_Headers_that_say_what_is_known_change_nothing()
    {
        var known = PictureHeaders.Apply(Unknown, Convert.FromHexString(Headers));

        Assert.Equal((64, 48, Headers), (known.Width, known.Height, Convert.ToHexString(known.Extradata)));
        Assert.Same(known, PictureHeaders.Apply(known, Convert.FromHexString(Layer + "000001B2414243")));
        Assert.Same(known, PictureHeaders.Apply(known, Convert.FromHexString("000001B001" + "0000012000C4")));
        Assert.Same(known, PictureHeaders.Apply(known, [0, 0, 1]));
    }

    private static VideoFormat Unknown => new() { Codec = "mpeg4", Width = 0, Height = 0, Extradata = [] };

    private static byte[] Frame(byte width, byte height) => [0, 0, 0, 0, 1, 50, width, height, 1, 2, 3];

    // Each payload is a picture; the sizes in the headers of the files.
    private static async Task<(int Width, int Height)[]> Record(string encoding, params byte[][] payloads)
    {
        using var attempt = new Attempt();
        using var packets = new TestTrack(encoding);
        using (var track = RtpTracks.Create(TestTrack.Media(encoding), 0, attempt.Recorder, attempt.Pool, 1)!)
        {
            attempt.Recorder.OnTracks([track.Description]);
            for (var i = 0; i < payloads.Length; i++)
            {
                attempt.Time.Advance(TimeSpan.FromMilliseconds(40));
                Assert.True(track.OnRtp(packets.Packet((uint)i * 3600, payloads[i], marker: true), TimeSpan.FromMilliseconds(40 * i)));
            }

            track.Flush();
        }

        var parts = await attempt.Close();
        return [.. parts.Select(part => Size(File.ReadAllBytes(attempt[part.Filename])))];
    }

    private static (int Width, int Height) Size(byte[] file)
    {
        var entry = file.AsSpan()[(file.AsSpan().IndexOf("mp4v"u8) + 28)..];
        return (BinaryPrimitives.ReadUInt16BigEndian(entry), BinaryPrimitives.ReadUInt16BigEndian(entry[2..]));
    }
}
