using System.Net;

namespace MiniOrleans.Internal.Tests.Reminders;

public sealed class ReminderRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Every_grain_is_owned_by_exactly_one_silo_and_all_silos_agree_on_it(int count)
    {
        SiloAddress[] silos = [.. Enumerable.Range(1, count).Select(port => SiloAddress.New(IPAddress.Loopback, port, 1))];

        for (var n = 0; n < 500; n++)
        {
            var hash = GrainId.Create("reminded", $"grain-{n}").GetUniformHashCode();
            var owners = silos.Where(silo => ReminderRing.RangeOf(silo, silos) is { } range && ReminderRing.IsInRange(hash, range.Begin, range.End)).ToList();

            Assert.Equal([ReminderRing.OwnerOf(hash, silos.Reverse())!], owners);
        }
    }

    [Fact]
    public void A_silo_that_leaves_moves_only_what_was_its_own()
    {
        SiloAddress[] silos = [.. Enumerable.Range(1, 5).Select(port => SiloAddress.New(IPAddress.Loopback, port, 1))];

        for (var n = 0; n < 500; n++)
        {
            var hash = GrainId.Create("reminded", $"grain-{n}").GetUniformHashCode();
            var owner = ReminderRing.OwnerOf(hash, silos);
            if (!silos[2].Equals(owner)) Assert.Equal(owner, ReminderRing.OwnerOf(hash, silos.Where(silo => silo != silos[2])));
        }
    }
}
