using System.Text;

namespace OrleansRecorder.Settings;

/// <summary>One setting of the roles <c>silo</c> and <c>api</c>: its names in the three sources, what it may be, and what it does.</summary>
/// <param name="Key">Section and name, <c>Node:Name</c>: what it is called in a settings file.</param>
/// <param name="Roles">Who reads it.</param>
/// <param name="Kind">What its text must be.</param>
/// <param name="Default">For a person; the code that takes the setting fills it in where it is no plain value.</param>
/// <param name="Meaning">One or two sentences, for the documentation and for <c>--help</c>.</param>
internal sealed record HostSetting(string Key, Roles Roles, SettingKind Kind, string Default, string Meaning)
{
    /// <summary>The prefix of environment variables.</summary>
    public const string EnvironmentPrefix = "RECORDER_";

    /// <summary>Its option on the command line, or null: secrets are never given there, where every user of the machine can read them.</summary>
    public string? Option => Kind is SecretKind ? null : "--" + (ShortOption ?? Dashed(Key));

    /// <summary>Takes the place of the option that its key gives.</summary>
    public string? ShortOption { get; init; }

    /// <summary>Its environment variable: <c>RECORDER_Node__Name</c>.</summary>
    public string Variable => EnvironmentPrefix + Key.Replace(":", "__", StringComparison.Ordinal);

    // Node:GracePeriodSeconds is node-grace-period-seconds.
    private static string Dashed(string key)
    {
        var text = new StringBuilder();
        foreach (var letter in key)
        {
            if (letter == ':') text.Append('-');
            else if (char.IsUpper(letter) && text.Length > 0 && text[^1] != '-') text.Append('-').Append(char.ToLowerInvariant(letter));
            else text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

/// <summary>The roles that are told by host settings.</summary>
[Flags]
internal enum Roles
{
    /// <summary><c>recorder silo</c>.</summary>
    Silo = 1,

    /// <summary><c>recorder api</c>.</summary>
    Api = 2,

    /// <summary>Both.</summary>
    Both = Silo | Api,
}
