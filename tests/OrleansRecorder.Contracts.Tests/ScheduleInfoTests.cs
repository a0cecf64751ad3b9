using OrleansRecorder.Cycles;

namespace OrleansRecorder.Contracts.Tests;

public sealed class ScheduleInfoTests
{
    [Fact]
    public void The_plan_reads_as_in_the_users_document() => Assert.Equal(
        "调度方案: 2个任务\n任务 0: 0秒开始, 持续 15秒\n任务 1: 5秒开始, 持续 20秒",
        ScheduleInfo.Text([(0, 0, 15), (1, 5, 20)]));

    [Fact]
    public void Fractions_have_two_decimals_at_most_and_who_has_no_place_waits() => Assert.Equal(
        "调度方案: 2个任务\n任务 0: 0.5秒开始, 持续 17.14秒\n任务 1: 本轮无空位, 下一轮优先",
        ScheduleInfo.Text([(0, 0.5, 17.1428), (1, null, 0)]));

    [Fact]
    public void Without_tasks_the_plan_says_so() => Assert.Equal("调度方案: 0个任务", ScheduleInfo.Text(Array.Empty<CycleTask>()));
}
