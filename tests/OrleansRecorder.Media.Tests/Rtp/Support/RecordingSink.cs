using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Rtp.Support;

/// <summary>Keeps copies of what a track delivers.</summary>
internal sealed class RecordingSink : IMediaSink
{
    public List<Picture> Pictures { get; } = [];

    public List<Sound> Sounds { get; } = [];

    public int Lost { get; private set; }

    public int DamagedSets { get; private set; }

    /// <summary>Whether more is wanted, asked after each delivery.</summary>
    public Func<bool> WantsMore { get; set; } = () => true;

    public void OnTracks(IReadOnlyList<MediaTrack> tracks)
    {
    }

    public void OnSoundLeftOut(LeftOutSound sound)
    {
    }

    public bool OnPacket(in MediaPacket packet)
    {
        Sounds.Add(new Sound(packet.Data.ToArray(), packet.Pts!.Value, packet.Captured));
        return WantsMore();
    }

    public bool OnPicture(in AssembledPicture picture)
    {
        var data = new byte[picture.Length];
        picture.Buffer.CopyTo(picture.Start, data);
        Pictures.Add(new Picture(data, picture.Pts, picture.IsKey, picture.IsRecoveryPoint, picture.ParameterSets.ToArray(), picture.Captured) { Age = picture.Age });
        picture.Buffer.Take(picture.Buffer.End).Dispose();
        return WantsMore();
    }

    public void OnLoss(int track, int packets) => Lost += packets;

    public void OnDamagedSet(int track) => DamagedSets++;

    internal sealed record Picture(byte[] Data, long Pts, bool IsKey, bool IsRecoveryPoint, byte[] ParameterSets, TimeSpan? Captured)
    {
        public TimeSpan Age { get; init; }

        /// <summary>Its units, which must fill it exactly.</summary>
        public IReadOnlyList<byte[]> Units
        {
            get
            {
                var units = new List<byte[]>();
                for (var at = 0; at < Data.Length;)
                {
                    var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Data.AsSpan(at));
                    units.Add(Data[(at + 4)..(at + 4 + length)]);
                    at += 4 + length;
                }

                return units;
            }
        }
    }

    internal sealed record Sound(byte[] Data, long Pts, TimeSpan? Captured);
}
