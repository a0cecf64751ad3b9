using System.Collections.Immutable;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>The rule by which silos declare another one dead. Pure: what it decides is written by whoever asks, on the version of the table that it was decided on.</summary>
internal static class DeathVotes
{
    /// <summary>With two silos one vote is enough, with more it takes two: as many as are wanted, or half of those that show signs of life.</summary>
    /// <param name="options">How many are wanted.</param>
    /// <param name="lively">Active silos that show signs of life in the table.</param>
    public static int Required(ClusterMembershipOptions options, int lively) => Math.Max(1, Math.Min(options.NumVotesForDeathDeclaration, (lively + 1) / 2));

    /// <summary>The entry with the votes added; dead if they are enough. Null when there is nothing to write: it is dead already, or nothing is new.</summary>
    /// <param name="entry">The silo as the table has it.</param>
    /// <param name="voters">Who suspects it now.</param>
    /// <param name="active">Whose votes count.</param>
    /// <param name="required">How many it takes.</param>
    /// <param name="now">UTC.</param>
    /// <param name="expiration">After so long a vote counts no more.</param>
    public static MembershipEntry? Add(MembershipEntry entry, IReadOnlyCollection<SiloAddress> voters, IReadOnlySet<SiloAddress> active, int required, DateTime now, TimeSpan expiration)
    {
        if (entry.Status == SiloStatus.Dead) return null;
        var standing = (entry.SuspectTimes ?? []).Where(vote => now - vote.Item2 < expiration && active.Contains(vote.Item1)).ToImmutableList();
        var added = voters.Where(voter => standing.All(vote => !vote.Item1.Equals(voter))).Distinct().ToList();
        var votes = standing.AddRange(added.Select(voter => Tuple.Create(voter, now)));
        var dead = votes.Count >= required;
        if (added.Count == 0 && !dead) return null;
        return entry.With(dead ? SiloStatus.Dead : entry.Status, [.. votes]);
    }
}
