using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>RFC 2435 and its quirks (R37).</summary>
public sealed class JpegTests : IDisposable
{
    private static readonly byte[] Tables = [.. Enumerable.Range(1, 128).Select(value => (byte)value)];
    private TestTrack _track = new("JPEG");

    public void Dispose() => _track.Dispose();

    [Fact]
    public void Pieces_become_a_file_with_computed_tables()
    {
        Send(100, Piece(0, q: 50, scan: [1, 2, 3]));
        Send(100, Piece(3, q: 50, scan: [4, 5]), marker: true);

        var data = Assert.Single(_track.Sink.Pictures).Data;
        Assert.Equal((0xFF, 0xD8), (data[0], data[1]));
        Assert.Equal([1, 2, 3, 4, 5, 0xFF, 0xD9], data[^7..]);
        // At quality 50 the tables are those of the standard.
        Assert.Equal([0, 67, 0, 16, 11, 12, 14], Segment(data, 0xDB)[..7]);
        Assert.Equal([0, 17, 8, 0, 24, 0, 32, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1], Segment(data, 0xC0)[..17]);
        Assert.True(_track.Sink.Pictures[0].IsKey);
    }

    [Fact]
    public void Tables_that_are_sent_once_serve_all_frames_of_their_number()
    {
        Send(100, Piece(0, q: 255, scan: [1, 2], tables: Tables), marker: true);
        Send(200, Piece(0, q: 255, scan: [3, 4], tables: []), marker: true);
        Send(300, Piece(0, q: 200, scan: [5, 6], tables: []), marker: true);

        Assert.Equal([100L, 200], _track.Sink.Pictures.Select(picture => picture.Pts));
        Assert.All(_track.Sink.Pictures, picture => Assert.Equal([0, 67, 0, 1, 2, 3], Segment(picture.Data, 0xDB)[..6]));
    }

    [Theory]
    [InlineData(64, 0, 0)]
    [InlineData(128, 1, 1)]
    [InlineData(192, 1, 2)]
    public void One_two_or_three_tables_serve_three_components(int bytes, byte blue, byte red)
    {
        Send(100, Piece(0, q: 255, scan: [1, 2], tables: [.. Enumerable.Range(1, bytes).Select(value => (byte)value)]), marker: true);

        var frame = Segment(_track.Sink.Pictures[0].Data, 0xC0);
        Assert.Equal((0, blue, red), (frame[10], frame[13], frame[16]));
    }

    [Theory]
    [InlineData(0, 0x21)]
    [InlineData(1, 0x22)]
    public void The_type_tells_how_colours_are_sampled(byte type, byte sampling)
    {
        Send(100, Piece(0, q: 50, scan: [1, 2], type: type), marker: true);

        Assert.Equal(sampling, Segment(_track.Sink.Pictures[0].Data, 0xC0)[9]);
    }

    [Fact]
    public void Restart_intervals_are_told()
    {
        Send(100, Piece(0, q: 50, scan: [1, 2], type: 65, restart: [0, 4, 0xFF, 0xFF]), marker: true);

        Assert.Equal([0, 4, 0, 4], Segment(_track.Sink.Pictures[0].Data, 0xDD)[..4]);
    }

    [Fact]
    public void A_size_that_is_too_large_for_its_field_comes_from_the_description()
    {
        _track.Dispose();
        _track = new TestTrack(TestTrack.Media("JPEG") with { Width = 2560, Height = 1920 });
        Send(100, Piece(0, q: 50, scan: [1, 2], width: 0, height: 0), marker: true);

        Assert.Equal([0, 17, 8, 7, 128, 10, 0], Segment(_track.Sink.Pictures[0].Data, 0xC0)[..7]);
    }

    [Fact]
    public void A_frame_that_lost_a_piece_is_left_out_and_the_next_is_not()
    {
        Send(100, Piece(0, q: 50, scan: [1, 2]));
        _track.Lose();
        Send(100, Piece(4, q: 50, scan: [5, 6]), marker: true);
        _track.GiveUpWaiting();
        Send(200, Piece(0, q: 50, scan: [7, 8]));
        Send(200, Piece(5, q: 50, scan: [9]), marker: true);
        Send(300, Piece(0, q: 50, scan: [7, 8]), marker: true);

        Assert.Equal([300L], _track.Sink.Pictures.Select(picture => picture.Pts));
    }

    [Fact]
    public void Frames_without_markers_end_with_the_next()
    {
        for (uint i = 0; i < 3; i++) Send(i, Piece(0, q: 50, scan: [1, 2]));
        _track.Track.Flush();

        Assert.Equal([0L, 1, 2], _track.Sink.Pictures.Select(picture => picture.Pts));
    }

    [Fact]
    public void Markers_on_every_piece_are_not_believed_for_long()
    {
        for (uint i = 0; i < 3; i++)
        {
            Send(i, Piece(0, q: 50, scan: [1, 2]), marker: true);
            Send(i, Piece(2, q: 50, scan: [3, 4]), marker: true);
        }

        _track.Track.Flush();
        Assert.Equal([5, 5], _track.Sink.Pictures.Skip(1).Select(picture => picture.Data.Length - Array.LastIndexOf(picture.Data, (byte)63)).Select(left => left - 3));
    }

    [Fact]
    public void Frames_that_are_files_already_stay_as_they_are()
    {
        Send(100, Piece(0, q: 50, scan: [0xFF, 0xD8, 1, 2, 0xFF, 0xD9]), marker: true);

        Assert.Equal([0xFF, 0xD8, 1, 2, 0xFF, 0xD9], _track.Sink.Pictures[0].Data);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("0000000002320403")]
    [InlineData("0000000041320403")]
    [InlineData("0000000001000403")]
    [InlineData("0000000001650403AA")]
    [InlineData("0000000001FF0403")]
    [InlineData("0000000001FF04030000FFFF")]
    public void What_is_cut_off_or_undefined_is_dropped(string payload)
    {
        Send(100, Convert.FromHexString(payload), marker: true);
        _track.Track.Flush();

        Assert.Empty(_track.Sink.Pictures);
    }

    private static byte[] Piece(int offset, byte q, byte[] scan, byte[]? tables = null, byte type = 1, byte[]? restart = null, byte width = 4, byte height = 3) =>
        [0, 0, (byte)(offset >> 8), (byte)offset, type, q, width, height, .. restart ?? [], .. tables is null ? [] : (byte[])[0, 0, 0, (byte)tables.Length, .. tables], .. scan];

    private static byte[] Segment(byte[] file, byte marker)
    {
        var at = 2;
        while (file[at + 1] != marker) at += 2 + (file[at + 2] << 8) + file[at + 3];
        return file[(at + 2)..];
    }

    private void Send(uint time, byte[] payload, bool marker = false) => _track.Send(time, payload, marker);
}
