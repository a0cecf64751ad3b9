using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Orleans.Runtime;

/// <summary>
/// What silos and clients of one cluster share, <c>Cluster:Secret</c> of the configuration. Never sent, never shown: each side proves that it knows it by
/// a keyed hash over what both have said. Without one the hash has an empty key, and silos listen on loopback only.
/// </summary>
internal sealed class ClusterSecret(IConfiguration configuration)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(configuration["Cluster:Secret"] ?? "");

    public bool IsSet => _key.Length > 0;

    public byte[] Prove(ReadOnlySpan<byte> said) => HMACSHA256.HashData(_key, said);

    public bool IsProof(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> said) => CryptographicOperations.FixedTimeEquals(proof, Prove(said));
}
