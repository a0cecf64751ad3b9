using OrleansRecorder.Media.Buffers;

namespace OrleansRecorder.Media.Tests.Buffers;

public sealed class MediaBufferTests
{
    private readonly ChunkPool _pool = new(limit: 1 << 20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_holds_what_a_plain_list_of_bytes_would_hold(int seed)
    {
        var random = new Random(seed);
        var buffer = new MediaBuffer(_pool);
        var model = new List<byte>();
        var start = 0L;
        for (var i = 0; i < 3000; i++)
        {
            switch (random.Next(6))
            {
                case 0 or 1 or 2:
                    var data = new byte[Length(random)];
                    random.NextBytes(data);
                    buffer.Append(data);
                    model.AddRange(data);
                    break;
                case 3 when model.Count > 0:
                    var at = random.Next(model.Count);
                    var patch = new byte[Math.Min(4, model.Count - at)];
                    random.NextBytes(patch);
                    buffer.Patch(start + at, patch);
                    for (var n = 0; n < patch.Length; n++) model[at + n] = patch[n];
                    break;
                case 4:
                    var kept = random.Next(3) == 0 ? 0 : random.Next(model.Count + 1);
                    buffer.Truncate(start + kept);
                    model.RemoveRange(kept, model.Count - kept);
                    break;
                default:
                    var taken = random.Next(4) == 0 ? model.Count : random.Next(model.Count + 1);
                    using (var run = buffer.Take(start + taken))
                    {
                        Assert.Equal(model.Take(taken), run.Pieces.SelectMany(piece => piece.ToArray()));
                    }

                    model.RemoveRange(0, taken);
                    start += taken;
                    break;
            }

            Assert.Equal((start, start + model.Count), (buffer.Start, buffer.End));
            var copy = new byte[model.Count];
            buffer.CopyTo(start, copy);
            Assert.True(copy.AsSpan().SequenceEqual(model.ToArray()), $"seed {seed}, step {i}");
            // One chunk at each end may be used in part.
            Assert.InRange(_pool.InUse, 0, model.Count + (2 * ChunkPool.ChunkSize));
        }

        buffer.Dispose();
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void What_was_taken_stays_as_it_is_while_the_buffer_goes_on()
    {
        using var buffer = new MediaBuffer(_pool);
        buffer.Append(Enumerable.Repeat((byte)1, 20_000).ToArray());
        using var run = buffer.Take(10_000);
        buffer.Patch(10_000, [9, 9]);
        for (var i = 0; i < 10; i++) buffer.Append(Enumerable.Repeat((byte)2, 20_000).ToArray());

        Assert.All(run.Pieces.SelectMany(piece => piece.ToArray()), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Chunks_are_given_back_once_however_often_a_run_is_disposed()
    {
        var buffer = new MediaBuffer(_pool);
        buffer.Append(new byte[40_000]);
        var run = buffer.Take(40_000);
        run.Dispose();
        run.Dispose();
        buffer.Dispose();

        Assert.Equal(0, _pool.InUse);
        Assert.NotSame(_pool.Rent(), _pool.Rent());
    }

    [Fact]
    public void What_its_filler_has_let_go_is_there_until_its_taker_has_too()
    {
        var buffer = new MediaBuffer(_pool);
        buffer.Hold();
        buffer.Append([1, 2, 3]);
        buffer.Dispose();

        using (var run = buffer.Take(3)) Assert.Equal([1, 2, 3], run.Pieces.Single().ToArray());
        buffer.Append([4]);
        Assert.Equal(ChunkPool.ChunkSize, _pool.InUse);
        buffer.Dispose();
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void A_pool_uses_its_chunks_again_and_says_when_too_many_are_in_use()
    {
        var pool = new ChunkPool(limit: 2 * ChunkPool.ChunkSize);
        var chunks = Enumerable.Range(0, 3).Select(_ => pool.Rent()).ToArray();
        Assert.True(pool.IsOverLimit);
        foreach (var chunk in chunks) pool.Return(chunk);
        Assert.False(pool.IsOverLimit);
        Assert.Contains(pool.Rent(), chunks);
    }

    [Fact]
    public void What_was_needed_once_is_not_kept_for_ever()
    {
        var chunks = Enumerable.Range(0, 2000).Select(_ => _pool.Rent()).ToList();
        foreach (var chunk in chunks) _pool.Return(chunk);
        Assert.InRange(_pool.Kept, ChunkPool.ChunkSize, 300 * ChunkPool.ChunkSize);
        foreach (var chunk in Enumerable.Range(0, 10).Select(_ => _pool.Rent()).ToList()) _pool.Return(chunk);
        Assert.InRange(_pool.Kept, ChunkPool.ChunkSize, 300 * ChunkPool.ChunkSize);
    }

    private static int Length(Random random) => random.Next(4) switch
    {
        0 => random.Next(8),
        1 => ChunkPool.ChunkSize,
        2 => random.Next(100_000) / 3,
        _ => random.Next(2000),
    };
}
