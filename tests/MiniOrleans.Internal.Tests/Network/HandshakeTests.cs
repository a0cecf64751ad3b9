using Microsoft.Extensions.Configuration;
using Orleans.Runtime.Messaging;

namespace MiniOrleans.Internal.Tests.Network;

public sealed class HandshakeTests
{
    private const string Listening = "10.0.0.1:11111@5";
    private const string Connecting = "10.0.0.2:11111@6";

    [Fact]
    public async Task Who_shares_the_secret_is_welcome_and_gets_what_comes_with_the_welcome()
    {
        var (connected, accepted) = await Meet("the secret", "the secret");

        Assert.Equal([1, 2, 3], await connected);
        Assert.Equal(Connecting, (await accepted)!.Other);
    }

    [Fact]
    public async Task Without_a_secret_on_either_side_they_meet_too() => Assert.NotNull(await (await Meet(null, null)).Accepted);

    [Theory]
    [InlineData("the secret", "another one")]
    [InlineData(null, "the secret")]
    [InlineData("the secret", null)]
    public async Task Another_secret_or_none_is_refused_with_an_error_that_says_so_and_shows_no_secret(string? connecting, string? listening)
    {
        var (connected, accepted) = await Meet(connecting, listening);

        var refused = await Assert.ThrowsAsync<OrleansConfigurationException>(() => connected);
        Assert.Contains("Cluster:Secret", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the secret ", refused.ToString(), StringComparison.Ordinal);
        Assert.Null(await accepted);
    }

    [Fact]
    public async Task A_listener_that_does_not_know_the_secret_is_found_out()
    {
        var pair = new PairOfPipes();
        var connected = Side("the secret").Connect(pair.Left, Connecting, "", Deadline);
        await pair.Right.ReadAsync(Deadline);
        pair.Right.Send(FrameKind.Challenge, PairOfPipes.Serializer.Write(writer =>
        {
            writer.WriteString(Listening);
            writer.WriteBytes(new byte[32]);
        }));
        // It gives back the proof that it was given.
        var proof = (await pair.Right.ReadAsync(Deadline))!.Value.Payload.ToArray();
        pair.Right.Send(FrameKind.Welcome, PairOfPipes.Serializer.Write(writer =>
        {
            writer.WriteBytes(proof);
            writer.WriteBytes([]);
        }));

        await Assert.ThrowsAsync<OrleansConfigurationException>(() => connected);
    }

    [Fact]
    public async Task A_proof_is_good_for_one_connection_only()
    {
        var first = new PairOfPipes();
        _ = Side("the secret").Connect(first.Left, Connecting, "", Deadline);
        var hello = (await first.Right.ReadAsync(Deadline))!.Value.Payload.ToArray();
        first.Right.Send(FrameKind.Challenge, PairOfPipes.Serializer.Write(writer =>
        {
            writer.WriteString(Listening);
            writer.WriteBytes(new byte[32]);
        }));
        var proof = (await first.Right.ReadAsync(Deadline))!.Value.Payload.ToArray();

        var second = new PairOfPipes();
        var accepted = Side("the secret").Accept(second.Right, Listening, _ => null, Deadline);
        second.Left.Send(FrameKind.Hello, hello);
        await second.Left.ReadAsync(Deadline);
        second.Left.Send(FrameKind.Proof, proof);

        Assert.Null(await accepted);
    }

    [Fact]
    public async Task Another_life_of_the_silo_and_a_silo_that_is_not_taken_are_refused_for_now()
    {
        var pair = new PairOfPipes();
        var accepting = Side(null).Accept(pair.Right, Listening, _ => null, Deadline);
        await Assert.ThrowsAsync<ConnectionFailedException>(() => Side(null).Connect(pair.Left, Connecting, "10.0.0.1:11111@4", Deadline));
        Assert.Null(await accepting);

        pair = new PairOfPipes();
        accepting = Side(null).Accept(pair.Right, Listening, _ => "It has been declared dead.", Deadline);
        var refused = await Assert.ThrowsAsync<ConnectionFailedException>(() => Side(null).Connect(pair.Left, Connecting, "", Deadline));
        Assert.Equal("It has been declared dead.", refused.Message);
        Assert.Null(await accepting);
    }

    [Fact]
    public async Task Another_cluster_is_refused_for_good()
    {
        var pair = new PairOfPipes();
        var accepting = new Handshake(Secret("s"), PairOfPipes.Serializer, "east").Accept(pair.Right, Listening, _ => null, Deadline);
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => new Handshake(Secret("s"), PairOfPipes.Serializer, "west").Connect(pair.Left, Connecting, "", Deadline));
        Assert.Null(await accepting);
    }

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private static async Task<(Task<byte[]> Connected, Task<Accepted?> Accepted)> Meet(string? connecting, string? listening)
    {
        var pair = new PairOfPipes();
        var connected = Side(connecting).Connect(pair.Left, Connecting, Listening, Deadline);
        var listener = Side(listening);
        var accepted = listener.Accept(pair.Right, Listening, _ => null, Deadline);
        if (await accepted is { } welcome) listener.Welcome(pair.Right, welcome, [1, 2, 3]);
        return (connected, accepted);
    }

    private static Handshake Side(string? secret) => new(Secret(secret), PairOfPipes.Serializer, "cluster");

    private static ClusterSecret Secret(string? secret) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Cluster:Secret", secret)]).Build());
}
