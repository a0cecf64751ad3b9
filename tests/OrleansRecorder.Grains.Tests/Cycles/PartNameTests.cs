namespace OrleansRecorder.Cycles;

public sealed class PartNameTests
{
    [Theory]
    [InlineData("gate.mp4", 1)]
    [InlineData("gate.part2.mp4", 2)]
    [InlineData("gate.part13.mp4", 13)]
    [InlineData("gate.part.mp4", null)]
    [InlineData("gate.part-2.mp4", null)]
    [InlineData("gate2.mp4", null)]
    [InlineData("gate.part2.mp4.txt", null)]
    [InlineData(".gate.mp4.recording", null)]
    public void A_file_belongs_to_a_task_by_its_name(string filename, int? part) => Assert.Equal(part, PartName.NumberOf(filename, "gate.mp4"));
}
