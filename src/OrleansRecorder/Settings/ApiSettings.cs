using System.Net;
using OrleansRecorder.Api;

namespace OrleansRecorder.Settings;

/// <summary>What <c>recorder api</c> is told.</summary>
internal sealed record ApiSettings
{
    /// <summary>The farm.</summary>
    public required FarmSettings Farm { get; init; }

    /// <summary>Where the API listens.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>For how long a start looks for silos; zero: for ever.</summary>
    public required TimeSpan StartLimit { get; init; }

    /// <summary>How a time is written that has not come yet.</summary>
    public required UnfinishedTime UnfinishedTime { get; init; }

    /// <summary>The largest request body.</summary>
    public required int MaxBodyBytes { get; init; }

    /// <summary>Takes them from what was read. Throws <see cref="Hosting.StartupException"/>.</summary>
    public static ApiSettings From(HostSettings settings) => new()
    {
        Farm = FarmSettings.From(settings, "recorder api"),
        Listen = new IPEndPoint(settings.Listen("Api:Listen", IPAddress.Any), settings.Whole("Api:Port", 8080)),
        StartLimit = settings.Seconds("Api:StartLimitSeconds", 300),
        UnfinishedTime = Enum.Parse<UnfinishedTime>(settings.Text("Api:UnfinishedTime") ?? nameof(UnfinishedTime.Empty), ignoreCase: true),
        MaxBodyBytes = settings.Whole("Api:MaxBodyBytes", 16 << 20),
    };
}
