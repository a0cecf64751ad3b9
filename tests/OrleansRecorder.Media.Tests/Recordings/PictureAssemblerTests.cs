using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Tests.Recordings;

public sealed class PictureAssemblerTests
{
    private static readonly byte[] Sps = [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x14];
    private static readonly byte[] Pps = [0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80];
    private static readonly byte[] Idr = [0, 0, 0, 1, 0x65, 0x88, 0x11, 0x22];
    private static readonly byte[] IdrRest = [0, 0, 0, 1, 0x65, 0x08, 0x33];
    private static readonly byte[] Slice = [0, 0, 0, 1, 0x41, 0x9A, 0x44];
    private readonly PictureAssembler _assembler = new("h264");
    private readonly List<(string Data, long? Pts, bool IsKey)> _pictures = [];

    [Fact]
    public void Parameter_sets_between_the_slices_of_a_picture_do_not_end_it()
    {
        Add(Sps, 100);
        Add(Pps, 100);
        Add(Idr, 100);
        Add([.. Sps, .. Pps], 100);
        Add(IdrRest, 100);
        Add(Slice, 200);
        Add(Slice, 300);

        Assert.Equal([(Hex([.. Sps, .. Pps, .. Idr, .. IdrRest]), 100, true), (Hex(Slice), 200, false)], _pictures);
    }

    [Fact]
    public void Pieces_of_a_unit_are_joined_and_the_time_is_that_of_the_first_slice()
    {
        Add([.. Sps, .. Pps], 50);
        Add(Idr[..6], 100);
        Add(Idr[6..7], 100);
        Add(Idr[7..], 999);
        Add(Slice, 200);

        Assert.Equal([(Hex([.. Sps, .. Pps, .. Idr]), 100, true)], _pictures);
    }

    [Fact]
    public void Two_pictures_with_one_time_stay_two()
    {
        Add(Idr, 100);
        Add(Slice, 100);
        Add(Slice, 100);

        Assert.Equal([Hex(Idr), Hex(Slice)], _pictures.Select(picture => picture.Data));
    }

    [Fact]
    public void After_a_loss_nothing_comes_until_a_whole_key_picture()
    {
        Add(Idr, 1);
        Add(Slice, 2);
        _assembler.OnLoss();
        Add([0x55, 0x66], 3);
        Add(IdrRest, 3);
        Add(Slice, 4);
        Add(Idr, 5);
        Add(Slice, 6);

        Assert.Equal([1L, 5L], _pictures.Select(picture => picture.Pts!.Value));
    }

    [Fact]
    public void Empty_units_and_noise_are_harmless()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var noise = new byte[random.Next(12)];
            for (var j = 0; j < noise.Length; j++) noise[j] = (byte)(random.Next(2) == 0 ? random.Next(3) : random.Next(256));
            Add(noise, i);
            _ = AccessUnit.Inspect("hevc", noise);
            new ParameterSets(i % 2 == 0 ? "hevc" : "h264").Observe([0, 0, 1, (byte)(i % 2 == 0 ? 0x42 : 0x67), .. noise]);
        }
    }

    private void Add(byte[] packet, long pts)
    {
        if (_assembler.Add(packet, pts)) _pictures.Add((Hex(_assembler.Data), _assembler.Pts, _assembler.IsKey));
    }

    private static string Hex(ReadOnlySpan<byte> data) => Convert.ToHexString(data);
}
