namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>A recording, or what went over the wire, is not as it must be. Names the check (O1 to O18, W for the wire).</summary>
internal sealed class CheckFailed(string check, string what) : Exception($"{check}: {what}")
{
    /// <summary>Throws unless it holds.</summary>
    public static void Unless(bool holds, string check, string what)
    {
        if (!holds) throw new CheckFailed(check, what);
    }
}
