using System.Collections.Concurrent;

namespace MiniOrleans.Internal.Tests.Network;

public sealed class LinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Small_messages_arrive_whole_and_in_order_and_so_do_large_ones()
    {
        var pair = new PairOfPipes().Trusted();
        var arrived = new BlockingCollection<Message>();
        var serving = pair.Right.ServeAsync(arrived.Add, () => { });

        int[] sizes = [0, 1, 100, 1 << 15, (1 << 15) + 1, 1 << 16, (1 << 16) + 1, 3_000_000];
        const int Count = 400;
        for (var i = 0; i < Count; i++) Assert.True(pair.Left.TrySend(PairOfPipes.Message(i, sizes[i % sizes.Length])));
        pair.Left.Complete();
        await serving.WaitAsync(Patience);

        Assert.Equal(Count, arrived.Count);
        Assert.All(arrived, message => Assert.True(PairOfPipes.IsWhole(message)));
        Assert.All(arrived, message => Assert.Equal(sizes[message.Id % sizes.Length], message.Body.Length));
        foreach (var lane in arrived.GroupBy(message => message.Body.Length > FrameSizes.LargeBody))
            Assert.Equal(lane.Select(message => message.Id).Order(), lane.Select(message => message.Id));
    }

    [Fact]
    public async Task A_small_message_and_a_sign_of_life_pass_large_ones_that_wait()
    {
        // So little fits into the pipes that the large messages are far from through.
        var pair = new PairOfPipes(capacity: 1 << 16).Trusted();
        var arrived = new ConcurrentQueue<Message>();
        for (var i = 0; i < 10; i++) pair.Left.TrySend(PairOfPipes.Message(i, 8_000_000));
        pair.Left.TrySend(PairOfPipes.Message(100, 10));

        var serving = (pair.Right.ServeAsync(arrived.Enqueue, () => { }), pair.Left.ServeAsync(_ => { }, () => { }));
        await pair.Left.Ping(new CancellationTokenSource(Patience).Token);

        pair.Left.Complete();
        await serving.Item1.WaitAsync(Patience);
        Assert.Equal(100, arrived.First().Id);
        Assert.Equal(11, arrived.Count);
    }

    [Fact]
    public async Task A_cancellation_does_not_pass_the_large_request_that_it_is_for()
    {
        var pair = new PairOfPipes().Trusted();
        var arrived = new ConcurrentQueue<Message>();
        pair.Left.TrySend(PairOfPipes.Message(1, 5_000_000));
        pair.Left.TrySend(PairOfPipes.Message(1, 0, MessageKind.Cancel));
        pair.Left.Complete();

        await pair.Right.ServeAsync(arrived.Enqueue, () => { }).WaitAsync(Patience);

        Assert.Equal([MessageKind.Request, MessageKind.Cancel], arrived.Select(message => message.Kind));
    }

    [Fact]
    public void What_waits_is_bounded_in_number_and_in_bytes_and_answers_may_wait_a_little_longer()
    {
        var pair = new PairOfPipes(new FrameBounds(Frames: 1000, Bytes: 1_000_000), capacity: 1 << 12).Trusted();
        // The first may leave the queue for the pipe, however long it is.
        Assert.True(pair.Left.TrySend(PairOfPipes.Message(0, 2_000_000)));

        var taken = Enumerable.Range(1, 100).Count(i => pair.Left.TrySend(PairOfPipes.Message(i, 100_000)));
        Assert.InRange(taken, 0, 10);
        var answers = Enumerable.Range(1, 100).Count(i => pair.Left.TrySend(PairOfPipes.Message(i, 100_000, MessageKind.Result)));
        Assert.InRange(answers, 1, 20);

        var crowded = new PairOfPipes(new FrameBounds(Frames: 100, Bytes: 1 << 30), capacity: 1 << 12).Trusted();
        var small = Enumerable.Range(1, 10_000).Count(i => crowded.Left.TrySend(PairOfPipes.Message(i, 1000)));
        Assert.InRange(small, 100, 400);
    }

    [Fact]
    public async Task What_was_not_written_when_the_connection_breaks_is_given_back()
    {
        var pair = new PairOfPipes(capacity: 1 << 12).Trusted();
        var serving = pair.Left.ServeAsync(_ => { }, () => { });
        const int Count = 500;
        for (var i = 0; i < Count; i++) pair.Left.TrySend(PairOfPipes.Message(i, 10_000));

        pair.Left.Break("It is cut.");
        await serving.WaitAsync(Patience);

        var left = pair.Left.TakeUnwritten().Select(message => message.Id).ToList();
        Assert.InRange(left.Count, Count - 100, Count);
        Assert.Equal(Enumerable.Range(Count - left.Count, left.Count).Select(i => (long)i), left);
        Assert.False(pair.Left.TrySend(PairOfPipes.Message(1, 1)));
        Assert.Equal("It is cut.", pair.Left.Failure);
    }

    [Fact]
    public async Task A_ping_fails_when_the_connection_ends_and_a_goodbye_does_not_wait_for_ever()
    {
        var pair = new PairOfPipes().Trusted();
        var serving = pair.Left.ServeAsync(_ => { }, () => { });
        var ping = pair.Left.Ping(CancellationToken.None);
        var goodbye = pair.Left.SayGoodbye(CancellationToken.None);

        pair.Left.Break("It is cut.");
        await serving.WaitAsync(Patience);

        await Assert.ThrowsAsync<Orleans.Runtime.Messaging.ConnectionFailedException>(() => ping.WaitAsync(Patience));
        await goodbye.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_goodbye_is_answered_after_all_that_was_sent_before_it()
    {
        var pair = new PairOfPipes().Trusted();
        var arrived = new ConcurrentQueue<Message>();
        var isTold = false;
        _ = (pair.Left.ServeAsync(arrived.Enqueue, () => { }), pair.Right.ServeAsync(_ => { }, () => isTold = true));
        for (var i = 0; i < 20; i++) pair.Right.TrySend(PairOfPipes.Message(i, i % 2 == 0 ? 10 : 500_000));

        await pair.Left.SayGoodbye(new CancellationTokenSource(Patience).Token);

        Assert.Equal(20, arrived.Count);
        Assert.True(isTold);
    }
}
