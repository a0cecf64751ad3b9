namespace OrleansRecorder.Hosting;

/// <summary>Decides, while an API starts, whether it goes on looking for silos.</summary>
internal sealed class SiloSearch(TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly long _begun = time.GetTimestamp();

    /// <summary>Why it was given up; null while it was not.</summary>
    public LocalizedText? GaveUp { get; private set; }

    /// <summary>Waits a moment and says yes, until the limit; a settings error is not mended by waiting.</summary>
    public async Task<bool> ShouldGoOn(Exception failure, CancellationToken stop)
    {
        if (failure is OrleansConfigurationException)
        {
            GaveUp = new LocalizedText(failure.Message, failure.Message);
            return false;
        }

        if (limit > TimeSpan.Zero && time.GetElapsedTime(_begun) >= limit)
        {
            GaveUp = new LocalizedText(
                $"{limit.TotalSeconds:0} 秒内没有找到任何录制节点: {failure.Message}", $"no silo answered within {limit.TotalSeconds:0} s: {failure.Message}");
            return false;
        }

        await Task.Delay(Pause, time, stop);
        return true;
    }
}
