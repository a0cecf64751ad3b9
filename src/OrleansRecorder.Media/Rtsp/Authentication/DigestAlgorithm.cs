using System.Security.Cryptography;
using OrleansRecorder.Media.Rtsp.Messages;

namespace OrleansRecorder.Media.Rtsp.Authentication;

/// <summary>A digest's hash (RFC 7616, 3.3). Stronger ones have a higher <see cref="Strength"/>.</summary>
/// <param name="Name">As it is echoed to the server.</param>
/// <param name="IsSession">The password's hash is mixed with the nonces of the first request (<c>-sess</c>).</param>
/// <param name="Strength">Higher is preferred.</param>
internal sealed record DigestAlgorithm(string Name, bool IsSession, int Strength)
{
    private static readonly DigestAlgorithm[] All = [new("MD5", false, 1), new("MD5-sess", true, 0), new("SHA-256", false, 3), new("SHA-256-sess", true, 2)];

    /// <summary>Whether it is the one that is meant when none is named, which old cameras do not want to see named.</summary>
    public bool IsDefault => Strength == 1;

    /// <summary>The algorithm of this name, MD5 for none; null when it is not known.</summary>
    public static DigestAlgorithm? Named(string? name) =>
        string.IsNullOrEmpty(name) ? All[0] : All.FirstOrDefault(algorithm => algorithm.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The hash of a text in lower-case hexadecimal digits.</summary>
    public string Hash(string text)
    {
        var bytes = WireText.ToWire(text);
        return Convert.ToHexStringLower(Strength >= 2 ? SHA256.HashData(bytes) : MD5.HashData(bytes));
    }
}
