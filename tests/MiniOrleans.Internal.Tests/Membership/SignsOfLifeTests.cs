using System.Net;
using OrleansRecorder.Testing;

namespace MiniOrleans.Internal.Tests.Membership;

public sealed class SignsOfLifeTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(10);
    private readonly SiloAddress _silo = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private readonly ManualTime _time = new();
    private readonly SignsOfLife _signs;

    public SignsOfLifeTests() => _signs = new SignsOfLife(_time);

    [Fact]
    public void A_silo_is_silent_since_its_time_in_the_table_last_changed_whatever_that_time_says()
    {
        var wrong = new DateTime(1999, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Read(wrong);
        Pass(5);
        Read(wrong);
        Assert.Equal(5, _signs.SilenceOf(_silo).TotalSeconds);

        Read(wrong.AddSeconds(1));

        Assert.Equal(TimeSpan.Zero, _signs.SilenceOf(_silo));
    }

    [Fact]
    public void Time_without_the_table_counts_for_nobodys_silence()
    {
        Read(DateTime.UnixEpoch);
        Pass(60);

        Read(DateTime.UnixEpoch);

        Assert.Equal(TimeSpan.Zero, _signs.SilenceOf(_silo));
    }

    [Fact]
    public void A_silo_that_was_never_seen_is_not_silent()
    {
        Pass(60);

        Assert.Equal(TimeSpan.Zero, _signs.SilenceOf(_silo));
    }

    private void Read(DateTime sign) => _signs.Read([new MembershipEntry { SiloAddress = _silo, Status = SiloStatus.Active, IAmAliveTime = sign }], Gap);

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
