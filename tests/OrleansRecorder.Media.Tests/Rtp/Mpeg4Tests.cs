using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>MPEG-4 video in RFC 6416 (R38).</summary>
public sealed class Mpeg4Tests : IDisposable
{
    private static readonly byte[] Headers = [0, 0, 1, 0xB0, 1, 0, 0, 1, 0x20, 0x42];
    private static readonly byte[] Group = [0, 0, 1, 0xB3, 9];
    private static readonly byte[] Intra = [0, 0, 1, 0xB6, 0x10, 1];
    private static readonly byte[] Predicted = [0, 0, 1, 0xB6, 0x50, 2];
    private readonly TestTrack _track = new("MP4V-ES", parameters: ("config", "000001B001"));

    public void Dispose() => _track.Dispose();

    [Fact]
    public void Pictures_begin_with_their_headers()
    {
        Assert.Equal("000001B001", Convert.ToHexString(_track.Track.Description.Extradata.Span));
        Send(100, [.. Headers, .. Group, .. Intra]);
        Send(100, [7, 8], marker: true);
        Send(200, Predicted, marker: true);
        Send(300, Headers);
        Send(300, Intra);
        _track.Track.Flush();

        Assert.Equal([[.. Headers, .. Group, .. Intra, 7, 8], Predicted, [.. Headers, .. Intra]], _track.Sink.Pictures.Select(picture => picture.Data));
        Assert.Equal([(100L, true), (200, false), (300, true)], _track.Sink.Pictures.Select(picture => (picture.Pts, picture.IsKey)));
        Assert.Equal([Headers, [], Headers], _track.Sink.Pictures.Select(picture => picture.ParameterSets));
    }

    [Fact]
    public void After_a_loss_nothing_comes_until_a_picture_that_stands_alone()
    {
        Send(100, Intra);
        Send(200, Predicted);
        _track.Lose();
        Send(300, [9, 9]);
        _track.GiveUpWaiting();
        Send(400, Predicted);
        Send(500, Intra);
        Send(600, Predicted);
        _track.Track.Flush();

        Assert.Equal([100L, 500, 600], _track.Sink.Pictures.Select(picture => picture.Pts));
    }

    private void Send(uint time, byte[] payload, bool marker = false) => _track.Send(time, payload, marker);
}
