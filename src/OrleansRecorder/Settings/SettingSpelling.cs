using OrleansRecorder.Configuration;

namespace OrleansRecorder.Settings;

/// <summary>Finds the setting that a user meant.</summary>
internal static class SettingSpelling
{
    /// <summary>The setting that differs by a slip or two, or whose last part alone was written; else null.</summary>
    public static HostSetting? Closest(string key)
    {
        var whole = Spelling.Closest(key, HostSettingsTable.All.Select(setting => setting.Key));
        if (whole is not null) return HostSettingsTable.Find(whole);
        var name = key[(key.LastIndexOf(':') + 1)..];
        if (name.Length == 0) return null;
        var part = Spelling.Closest(name, HostSettingsTable.All.Select(LastPart));
        return part is null ? null : HostSettingsTable.All.First(setting => LastPart(setting) == part);
    }

    private static string LastPart(HostSetting setting) => setting.Key[(setting.Key.IndexOf(':') + 1)..];
}
