namespace Orleans.Statistics;

/// <summary>Processor and memory of a silo's process.</summary>
[GenerateSerializer, Immutable]
public readonly struct EnvironmentStatistics
{
    internal EnvironmentStatistics(float processorPercentage, long usedBytes, long maximumBytes)
    {
        FilteredCpuUsagePercentage = RawCpuUsagePercentage = processorPercentage;
        FilteredMemoryUsageBytes = RawMemoryUsageBytes = usedBytes;
        FilteredAvailableMemoryBytes = RawAvailableMemoryBytes = Math.Max(0, maximumBytes - usedBytes);
        MaximumAvailableMemoryBytes = maximumBytes;
    }

    /// <summary>Processor time since the process started, in percent of all cores.</summary>
    [Id(0)] public float FilteredCpuUsagePercentage { get; }

    /// <inheritdoc cref="FilteredCpuUsagePercentage"/>
    [Id(1)] public float RawCpuUsagePercentage { get; }

    /// <summary>Memory that the process uses.</summary>
    [Id(2)] public long FilteredMemoryUsageBytes { get; }

    /// <inheritdoc cref="FilteredMemoryUsageBytes"/>
    [Id(3)] public long RawMemoryUsageBytes { get; }

    /// <summary>Memory that it may still use.</summary>
    [Id(4)] public long FilteredAvailableMemoryBytes { get; }

    /// <inheritdoc cref="FilteredAvailableMemoryBytes"/>
    [Id(5)] public long RawAvailableMemoryBytes { get; }

    /// <summary>Memory that it may use in all.</summary>
    [Id(6)] public long MaximumAvailableMemoryBytes { get; }

    /// <summary>Used memory in percent of what it may use.</summary>
    public float MemoryUsagePercentage => MaximumAvailableMemoryBytes <= 0 ? 0 : 100f * FilteredMemoryUsageBytes / MaximumAvailableMemoryBytes;

    internal static EnvironmentStatistics Now()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var lived = (DateTime.Now - process.StartTime).TotalSeconds * Environment.ProcessorCount;
        var busy = lived <= 0 ? 0 : 100 * process.TotalProcessorTime.TotalSeconds / lived;
        return new((float)Math.Min(100, busy), process.WorkingSet64, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }
}
