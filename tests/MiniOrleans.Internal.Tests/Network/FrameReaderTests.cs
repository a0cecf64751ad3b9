using System.Buffers.Binary;

namespace MiniOrleans.Internal.Tests.Network;

public sealed class FrameReaderTests
{
    [Fact]
    public async Task Before_the_handshake_is_over_frames_are_short_and_no_messages()
    {
        await Refused([.. Header(FrameKind.Hello, FrameSizes.MaxUntrusted + 1)], trusted: false);
        await Refused([.. Header(FrameKind.Hello, -1)], trusted: false);
        await Refused([.. Header(FrameKind.Message, 4), 0, 0, 0, 0], trusted: false);
        await Refused([.. Header(FrameKind.Large, 4), 0, 0, 0, 0], trusted: false);
    }

    [Fact]
    public async Task Afterwards_what_is_too_long_or_makes_no_sense_is_refused_before_memory_is_taken_for_it()
    {
        await Refused([.. Header(FrameKind.Message, FrameSizes.MaxPlain + 1)]);
        await Refused([.. Header(FrameKind.Message, 3), 1, 2, 3]);
        await Refused([.. Header(FrameKind.Chunk, 3), 1, 2, 3]);
        await Refused(Large(bodySize: MaxBody + 1));
        await Refused([.. Large(bodySize: 1000), .. Header(FrameKind.Chunk, 1001)]);
        await Refused([.. Large(bodySize: 1000), .. Large(bodySize: 1000)]);
    }

    [Fact]
    public async Task A_stream_that_ends_between_frames_is_over_and_one_that_ends_inside_is_broken()
    {
        Assert.Null(await Read([], trusted: true));
        await Assert.ThrowsAnyAsync<Exception>(() => Read([.. Header(FrameKind.Pong, 8), 1, 2], trusted: true));
        await Assert.ThrowsAnyAsync<IOException>(() => Read([.. Large(bodySize: 1000), .. Header(FrameKind.Chunk, 1000), 1], trusted: true));
    }

    [Fact]
    public async Task A_frame_is_read_the_same_however_the_stream_cuts_it()
    {
        using var writer = new Orleans.Serialization.WireWriter(PairOfPipes.Serializer.Exceptions);
        var sent = PairOfPipes.Message(5, 300);
        MessageCodec.WriteHead(writer, sent);
        writer.WriteBytes(sent.Body.Span);
        byte[] frame = [.. Header(FrameKind.Message, writer.Length), .. writer.Written];

        for (var cut = 1; cut < frame.Length; cut += 7)
        {
            using var reader = new FrameReader(new CutStream(frame, cut), PairOfPipes.Serializer, MaxBody) { IsTrusted = true, MaxLength = FrameSizes.MaxPlain };
            var read = (await reader.ReadAsync(CancellationToken.None))!.Value.Message!;
            Assert.Equal((5L, "interface", sent.Target), (read.Id, read.InterfaceName, read.Target));
            Assert.True(PairOfPipes.IsWhole(read));
        }
    }

    private const int MaxBody = 1 << 20;

    private static byte[] Header(FrameKind kind, int length)
    {
        var header = new byte[FrameSizes.Header];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        header[4] = (byte)kind;
        return header;
    }

    private static byte[] Large(int bodySize)
    {
        using var writer = new Orleans.Serialization.WireWriter(PairOfPipes.Serializer.Exceptions);
        MessageCodec.WriteHead(writer, PairOfPipes.Message(1, 0));
        writer.WriteUnsigned((ulong)bodySize);
        return [.. Header(FrameKind.Large, writer.Length), .. writer.Written];
    }

    private static async Task Refused(byte[] bytes, bool trusted = true) => await Assert.ThrowsAsync<InvalidDataException>(() => Read(bytes, trusted));

    private static async Task<Frame?> Read(byte[] bytes, bool trusted)
    {
        using var reader = new FrameReader(new MemoryStream(bytes), PairOfPipes.Serializer, MaxBody) { IsTrusted = trusted };
        if (trusted) reader.MaxLength = FrameSizes.MaxPlain;
        return await reader.ReadAsync(CancellationToken.None);
    }

    /// <summary>Gives so many bytes a read.</summary>
    private sealed class CutStream(byte[] bytes, int cut) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(cut, buffer.Length)], cancellationToken);
    }
}
