using System.Globalization;

namespace OrleansRecorder.Cameras;

/// <summary>One thing that is wrong with a camera. Texts: <c>none refuse silent 401 404 503 stall:8 reset:8 nokey late-key:3 loss:5 silent-audio</c>.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Amount">Seconds for stall, reset and late-key, counted from PLAY or, when the fault comes later, from then; percent of the packets for loss; else 0.</param>
public sealed record CameraFault(CameraFaultKind Kind, double Amount = 0)
{
    private static readonly (string Name, CameraFaultKind Kind, string? Unit, double Most)[] Names =
    [
        ("none", CameraFaultKind.None, null, 0),
        ("refuse", CameraFaultKind.Refuse, null, 0),
        ("silent", CameraFaultKind.Silent, null, 0),
        ("401", CameraFaultKind.Unauthorized, null, 0),
        ("404", CameraFaultKind.NotFound, null, 0),
        ("503", CameraFaultKind.Unavailable, null, 0),
        ("stall", CameraFaultKind.Stall, "seconds", 86_400),
        ("reset", CameraFaultKind.Reset, "seconds", 86_400),
        ("nokey", CameraFaultKind.NoKeyFrame, null, 0),
        ("late-key", CameraFaultKind.LateKeyFrame, "seconds", 86_400),
        ("loss", CameraFaultKind.Loss, "percent", 100),
        ("silent-audio", CameraFaultKind.SilentAudio, null, 0)
    ];

    /// <summary>Nothing is wrong.</summary>
    public static readonly CameraFault None = new(CameraFaultKind.None);

    /// <summary>The texts that <see cref="TryParse"/> takes, for a help page.</summary>
    public static string Syntax { get; } = string.Join(", ", Names.Select(n => n.Unit is null ? n.Name : $"{n.Name}:{n.Unit.ToUpperInvariant()}"));

    /// <summary>Reads a fault's text, such as <c>stall:8</c>; otherwise says what is wrong with it.</summary>
    public static bool TryParse(string text, out CameraFault fault, out string error)
    {
        fault = None;
        var colon = text.IndexOf(':');
        var name = (colon < 0 ? text : text[..colon]).Trim();
        var known = Array.Find(Names, n => n.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known.Name is null)
        {
            error = $"unknown fault '{name}': use one of {Syntax}";
            return false;
        }

        var amount = 0.0;
        if (known.Unit is null)
        {
            error = colon < 0 ? "" : $"fault '{known.Name}' takes no number";
        }
        else
        {
            var isNumber = double.TryParse(colon < 0 ? "" : text[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out amount);
            error = isNumber && amount >= 0 && amount <= known.Most ? "" : $"fault '{known.Name}' needs {known.Unit} from 0 to {known.Most:0}, such as '{known.Name}:5'";
        }

        if (error.Length > 0) return false;
        fault = new CameraFault(known.Kind, amount);
        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads back.</summary>
    public override string ToString()
    {
        var (name, _, unit, _) = Array.Find(Names, n => n.Kind == Kind);
        return unit is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{Amount}");
    }
}
