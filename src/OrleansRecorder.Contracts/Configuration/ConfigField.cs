using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Configuration;

/// <summary>What is known of one field: its name, whether it must be there, and what its value may be.</summary>
/// <param name="Name">As in the document.</param>
/// <param name="Check">What is wrong with a value, or null.</param>
/// <param name="IsRequired">Whether a document without it is invalid.</param>
internal sealed record ConfigField(string Name, Func<JsonNode?, LocalizedText?> Check, bool IsRequired = true)
{
    public static ConfigField Number(string name, double? above = null, double? atLeast = null, double atMost = double.MaxValue, bool isRequired = true) =>
        new(name, node => AsNumber(node) is { } value ? Range(value, above, atLeast, atMost) : new("必须是数字", "must be a number"), isRequired);

    public static ConfigField Integer(string name, int atMost, int? besides = null) => new(name, node => AsNumber(node) switch
    {
        null => new("必须是整数", "must be a whole number"),
        var value when double.IsFinite(value.Value) && value != Math.Floor(value.Value) => new("必须是整数", "must be a whole number"),
        var value when value == besides => null,
        <= 0 when besides is not null => new($"必须是 {besides} (无限循环) 或大于 0", $"must be {besides} (for ever) or greater than 0"),
        var value => Range(value.Value, 0, null, atMost),
    });

    /// <summary>An optional whole number from 0.</summary>
    public static ConfigField Count(string name, int atMost) => new(name, node => CheckCount(node, atMost), IsRequired: false);

    /// <summary>What is wrong with a whole number from 0, or null.</summary>
    public static LocalizedText? CheckCount(JsonNode? node, int atMost) => AsNumber(node) switch
    {
        { } value when value == Math.Floor(value) || double.IsInfinity(value) => Range(value, null, 0, atMost),
        _ => new("必须是整数", "must be a whole number"),
    };

    public static ConfigField Text(string name, Func<string, LocalizedText?> check) =>
        new(name, node => AsText(node) is { } text ? check(text) : new("必须是字符串", "must be a string"));

    /// <summary>An optional text, one of a few.</summary>
    public static ConfigField Choice(string name, params string[] values) => new(
        name,
        node => AsText(node) is { } text && values.Contains(text) ? null : new($"必须是 {string.Join(" 或 ", values)}", $"must be {string.Join(" or ", values)}"),
        IsRequired: false);

    /// <summary>An optional yes or no.</summary>
    public static ConfigField Flag(string name) => new(name, node => AsFlag(node) is null ? new("必须是 true 或 false", "must be true or false") : null, IsRequired: false);

    /// <summary>Null when it is no number; infinite when it is too large for one.</summary>
    public static double? AsNumber(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    public static bool? AsFlag(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static string? AsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static LocalizedText? Range(double value, double? above, double? atLeast, double atMost) => value switch
    {
        _ when value <= above => new(Invariant($"必须大于 {above}"), Invariant($"must be greater than {above}")),
        _ when value < atLeast => new(Invariant($"不能小于 {atLeast}"), Invariant($"must not be less than {atLeast}")),
        _ when value > atMost => new(Invariant($"不能大于 {atMost}"), Invariant($"must not be greater than {atMost}")),
        _ => null,
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
