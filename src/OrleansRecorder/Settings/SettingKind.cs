using System.Globalization;
using System.Net;

namespace OrleansRecorder.Settings;

/// <summary>What the text of a setting must be.</summary>
internal abstract record SettingKind
{
    /// <summary>For the documentation: type and range.</summary>
    public abstract string Description { get; }

    /// <summary>What is wrong with the text, as the end of a sentence that begins with the setting's name; null when it is right.</summary>
    public abstract LocalizedText? Problem(string text);
}

/// <summary>Any text in one line that is not blank.</summary>
/// <param name="MaxLength">In characters.</param>
internal sealed record TextKind(int MaxLength = 4096) : SettingKind
{
    public override string Description => "text";

    public override LocalizedText? Problem(string text) => text.Length <= MaxLength && !text.Any(char.IsControl) && !string.IsNullOrWhiteSpace(text)
        ? null
        : new LocalizedText($"必须是不超过 {MaxLength} 个字符的单行文本, 不能为空", $"must be one line of text, not blank and at most {MaxLength} characters long");
}

/// <summary>The name of a node, an archive or a cluster: it becomes a grain key, a directory in reports, a part of addresses.</summary>
internal sealed record NameKind : SettingKind
{
    public override string Description => "1 to 100 letters, digits, `.`, `_`, `-`";

    public override LocalizedText? Problem(string text) => text.Length is >= 1 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        ? null
        : new LocalizedText("必须由 1 到 100 个字母, 数字, '.', '_', '-' 组成", "must be 1 to 100 of the letters, digits, '.', '_' and '-'");
}

/// <summary>A text that no log, report or error shows.</summary>
internal sealed record SecretKind : SettingKind
{
    public override string Description => "secret";

    public override LocalizedText? Problem(string text) => text.Length is >= 1 and <= 4096 && !text.Any(char.IsControl)
        ? null
        : new LocalizedText("必须是不超过 4096 个字符的单行文本, 不能为空", "must be one line of text, not empty and at most 4096 characters long");
}

/// <summary>A whole number.</summary>
internal sealed record WholeKind(long Min, long Max) : SettingKind
{
    public override string Description => $"whole number, {Min} to {Max}";

    public override LocalizedText? Problem(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= Min && value <= Max
            ? null
            : new LocalizedText($"必须是 {Min} 到 {Max} 之间的整数", $"must be a whole number from {Min} to {Max}");
}

/// <summary>A time in seconds, fractions allowed.</summary>
internal sealed record SecondsKind(double Min, double Max) : SettingKind
{
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"seconds, {Min} to {Max}");

    public override LocalizedText? Problem(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= Min && value <= Max
            ? null
            : new LocalizedText(
                string.Create(CultureInfo.InvariantCulture, $"必须是 {Min} 到 {Max} 之间的秒数"),
                string.Create(CultureInfo.InvariantCulture, $"must be a number of seconds from {Min} to {Max}"));
}

/// <summary>Yes or no.</summary>
internal sealed record FlagKind : SettingKind
{
    public override string Description => "`true` or `false`";

    public override LocalizedText? Problem(string text) =>
        bool.TryParse(text, out _) ? null : new LocalizedText("必须是 true 或 false", "must be true or false");
}

/// <summary>An IP address to listen on.</summary>
internal sealed record ListenKind : SettingKind
{
    public override string Description => "IP address, `*` or `localhost`";

    public override LocalizedText? Problem(string text) => text is "*" or "localhost" || IPAddress.TryParse(text, out _)
        ? null
        : new LocalizedText("必须是 IP 地址, 例如 127.0.0.1", "must be an IP address such as 127.0.0.1");
}

/// <summary>One of some words, upper and lower case being the same.</summary>
internal sealed record ChoiceKind(params string[] Words) : SettingKind
{
    public override string Description => string.Join(", ", Words.Select(word => $"`{word}`"));

    public override LocalizedText? Problem(string text) => Words.Contains(text, StringComparer.OrdinalIgnoreCase)
        ? null
        : new LocalizedText($"必须是 {string.Join(", ", Words)} 之一", $"must be one of {string.Join(", ", Words)}");
}
