namespace OrleansRecorder.Cameras.Tests.Faults;

public sealed class CameraFaultTests
{
    [Theory]
    [InlineData("none", CameraFaultKind.None, 0)]
    [InlineData("refuse", CameraFaultKind.Refuse, 0)]
    [InlineData("silent", CameraFaultKind.Silent, 0)]
    [InlineData("401", CameraFaultKind.Unauthorized, 0)]
    [InlineData("404", CameraFaultKind.NotFound, 0)]
    [InlineData("503", CameraFaultKind.Unavailable, 0)]
    [InlineData("stall:8", CameraFaultKind.Stall, 8)]
    [InlineData("RESET:0.5", CameraFaultKind.Reset, 0.5)]
    [InlineData("nokey", CameraFaultKind.NoKeyFrame, 0)]
    [InlineData("late-key:3", CameraFaultKind.LateKeyFrame, 3)]
    [InlineData("loss:2.5", CameraFaultKind.Loss, 2.5)]
    [InlineData("silent-audio", CameraFaultKind.SilentAudio, 0)]
    public void A_fault_is_read_and_written_back(string text, CameraFaultKind kind, double amount)
    {
        Assert.True(CameraFault.TryParse(text, out var fault, out _));
        Assert.Equal(new CameraFault(kind, amount), fault);
        Assert.Equal(text.ToLowerInvariant(), fault.ToString());
    }

    [Theory]
    [InlineData("", "unknown fault ''")]
    [InlineData("melt", "unknown fault 'melt': use one of none, refuse, silent")]
    [InlineData("stall", "fault 'stall' needs seconds from 0 to 86400, such as 'stall:5'")]
    [InlineData("stall:soon", "needs seconds")]
    [InlineData("loss:101", "fault 'loss' needs percent from 0 to 100")]
    [InlineData("reset:-1", "needs seconds")]
    [InlineData("404:3", "fault '404' takes no number")]
    public void A_bad_fault_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(CameraFault.TryParse(text, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404", 1, 65535)]
    [InlineData("3=404", 3, 3)]
    [InlineData("5-9=404", 5, 9)]
    public void A_rule_names_its_cameras(string text, int first, int last)
    {
        Assert.True(CameraFaultRule.TryParse(text, out var rule, out _));
        Assert.Equal(new CameraFaultRule(first, last, new CameraFault(CameraFaultKind.NotFound)), rule);
        Assert.True(rule.AppliesTo(first));
        Assert.False(rule.AppliesTo(first - 1));
    }

    [Theory]
    [InlineData("x=404", "'x' is no camera number")]
    [InlineData("9-5=404", "'9-5' is no camera number")]
    [InlineData("0=404", "'0' is no camera number")]
    [InlineData("3=melt", "unknown fault 'melt'")]
    public void A_bad_rule_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(CameraFaultRule.TryParse(text, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }
}
