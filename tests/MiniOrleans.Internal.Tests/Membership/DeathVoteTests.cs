using System.Net;
using Orleans.Configuration;

namespace MiniOrleans.Internal.Tests.Membership;

public sealed class DeathVoteTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Expiration = TimeSpan.FromMinutes(2);
    private readonly SiloAddress[] _silos = [.. Enumerable.Range(1, 4).Select(port => SiloAddress.New(IPAddress.Loopback, port, 1))];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 2)]
    public void It_takes_as_many_votes_as_are_wanted_or_half_of_the_living(int lively, int required) =>
        Assert.Equal(required, DeathVotes.Required(new ClusterMembershipOptions(), lively));

    [Fact]
    public void One_vote_of_two_suspects_and_the_second_kills()
    {
        var once = Vote(Entry(), [_silos[1]])!;
        Assert.Equal(SiloStatus.Active, once.Status);

        var twice = Vote(once, [_silos[2]])!;

        Assert.Equal(SiloStatus.Dead, twice.Status);
        Assert.Equal([_silos[1], _silos[2]], twice.SuspectTimes!.Select(vote => vote.Item1));
    }

    [Fact]
    public void A_silo_has_one_vote_however_often_it_votes()
    {
        var once = Vote(Entry(), [_silos[1], _silos[1]])!;

        Assert.Equal(SiloStatus.Active, once.Status);
        Assert.Null(Vote(once, [_silos[1]]));
    }

    [Fact]
    public void Votes_that_are_old_or_of_silos_that_are_gone_do_not_count()
    {
        var stranger = SiloAddress.New(IPAddress.Loopback, 99, 1);
        var entry = Entry(Tuple.Create(_silos[1], Now - Expiration), Tuple.Create(stranger, Now));

        var voted = Vote(entry, [_silos[2]])!;

        Assert.Equal(SiloStatus.Active, voted.Status);
        Assert.Equal([_silos[2]], voted.SuspectTimes!.Select(vote => vote.Item1));
    }

    [Fact]
    public void Who_is_dead_is_not_voted_on() => Assert.Null(Vote(Entry().With(SiloStatus.Dead, null), [_silos[1], _silos[2]]));

    private MembershipEntry Entry(params Tuple<SiloAddress, DateTime>[] votes) => new() { SiloAddress = _silos[0], Status = SiloStatus.Active, SuspectTimes = [.. votes] };

    private MembershipEntry? Vote(MembershipEntry entry, SiloAddress[] voters) => DeathVotes.Add(entry, voters, _silos.ToHashSet(), required: 2, Now, Expiration);
}
