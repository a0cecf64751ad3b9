using System.Globalization;

namespace OrleansRecorder;

/// <summary>How answers and reports are worded: the language of messages, the time zone, and what stands for a time that has not come yet.</summary>
public sealed record DocumentStyle
{
    /// <summary>Chinese messages, the machine's time zone, "" for a time that has not come yet.</summary>
    public static DocumentStyle Default { get; } = new();

    /// <summary>Messages in English instead of Chinese. Messages only: <c>status_text</c> and <c>status_name</c> are values, and stay.</summary>
    public bool English { get; init; }

    /// <summary>The zone of all times; the machine's own by default.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Shows a time that has not come yet as the Unix epoch in local time, as older clients expect, instead of "".</summary>
    public bool EpochForUnfinished { get; init; }

    /// <summary>The message in the style's language.</summary>
    public string Message(LocalizedText text) => English ? text.English : text.Chinese;

    /// <summary>A time as <c>yyyy-MM-dd HH:mm:ss</c> in the style's zone.</summary>
    public string Time(DateTimeOffset? time) =>
        time is null && !EpochForUnfinished
            ? ""
            : TimeZoneInfo.ConvertTime(time ?? DateTimeOffset.UnixEpoch, TimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
