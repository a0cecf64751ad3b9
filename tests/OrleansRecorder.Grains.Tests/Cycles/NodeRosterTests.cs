using OrleansRecorder.Cycles.Nodes;
using OrleansRecorder.Nodes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Cycles;

public sealed class NodeRosterTests
{
    private const string Old = "10.0.0.1:11111@1";
    private readonly ManualTime _time = new();
    private readonly CycleOptions _options = new();
    private readonly NodeRoster _roster;

    public NodeRosterTests() => _roster = new NodeRoster([], _time, _options);

    [Fact]
    public void A_process_on_the_same_address_and_port_has_taken_the_place_of_the_one_before()
    {
        HearOldLate();
        Hear("10.0.0.1:11111@2");
        Assert.True(_roster.IsGone("node-1", Old));
    }

    [Theory]
    [InlineData("10.0.0.2:11111@2")]
    [InlineData("10.0.0.1:11112@2")]
    public void A_namesake_elsewhere_says_nothing_of_the_one_before_whose_lease_is_waited_for(string life)
    {
        HearOldLate();
        Hear(life);
        Assert.False(_roster.IsGone("node-1", Old));
        _time.Advance(TimeSpan.FromSeconds(7.9));
        Assert.False(_roster.IsGone("node-1", Old));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(_roster.IsGone("node-1", Old));
    }

    [Fact]
    public void The_only_process_on_a_machine_waits_for_no_lease_of_the_one_before()
    {
        _options.IsOneProcess = true;
        HearOldLate();
        Hear("10.0.0.1:11112@2");
        Assert.True(_roster.IsGone("node-1", Old));
    }

    [Fact]
    public void Each_of_several_namesakes_has_its_own_lease()
    {
        HearOldLate();
        Hear("10.0.0.2:11111@2");
        _time.Advance(TimeSpan.FromSeconds(4));
        Hear("10.0.0.2:11111@2");
        Hear("10.0.0.3:11111@3");
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(_roster.IsGone("node-1", Old));
        Assert.False(_roster.IsGone("node-1", "10.0.0.2:11111@2"));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(_roster.IsGone("node-1", "10.0.0.2:11111@2"));
    }

    // Long after the roster was made, from when it counts for those that it has not heard.
    private void HearOldLate()
    {
        _time.Advance(TimeSpan.FromSeconds(60));
        Hear(Old);
    }

    private void Hear(string life) => Assert.NotEqual(NodeLease.None, _roster.Hear(NodeReports.Of("node-1", []) with { Life = life }, TimeSpan.FromSeconds(7)));
}
