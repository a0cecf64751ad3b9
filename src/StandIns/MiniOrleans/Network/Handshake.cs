using System.Security.Cryptography;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>
/// The first frames of a connection. Both sides say who they are and give a nonce; the connecting side proves that it knows the secret, then the
/// listening side does. The proofs differ and cover all that was said, so none serves for anything else.
/// </summary>
internal sealed class Handshake(ClusterSecret secret, Wire wire, string clusterId)
{
    /// <summary>Both ends must speak the same.</summary>
    public const int ProtocolVersion = 2;

    private const int NonceSize = 32;

    /// <summary>Why the listening side refused; null when it did not. Without anything secret.</summary>
    public string? RefusedBecause { get; private set; }

    /// <summary>The connecting side.</summary>
    /// <param name="link">The new connection.</param>
    /// <param name="self">Who connects: a silo's address, or a client's identity.</param>
    /// <param name="wanted">The address of the silo that is to answer, with its generation; empty for any at that endpoint.</param>
    /// <param name="cancellation">The deadline.</param>
    /// <returns>What the listening side adds to its welcome.</returns>
    /// <exception cref="ConnectionFailedException">The other side does not take the connection now, or does not speak as it should.</exception>
    /// <exception cref="OrleansConfigurationException">It will never: the secret, the cluster or the protocol differs.</exception>
    public async Task<byte[]> Connect(Link link, string self, string wanted, CancellationToken cancellation)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        link.Send(FrameKind.Hello, wire.Write(writer =>
        {
            writer.WriteUnsigned(ProtocolVersion);
            writer.WriteString(clusterId);
            writer.WriteString(self);
            writer.WriteString(wanted);
            writer.WriteBytes(nonce);
        }));
        var challenge = wire.Read(await Expect(link, FrameKind.Challenge, cancellation).ConfigureAwait(false));
        var (other, otherNonce) = (challenge.ReadString() ?? "", challenge.ReadBytes());
        if (wanted.Length > 0 && other != wanted) throw new ConnectionFailedException($"{wanted} is gone: {other} answers there.");
        link.Send(FrameKind.Proof, secret.Prove(Said("connects", self, wanted, other, nonce, otherNonce)));
        link.ExpectLong();
        var welcome = wire.Read(await Expect(link, FrameKind.Welcome, cancellation).ConfigureAwait(false));
        if (!secret.IsProof(welcome.ReadBytes(), Said("listens", self, wanted, other, nonce, otherNonce))) throw Differs();
        link.Trust();
        return welcome.ReadBytes();
    }

    /// <summary>The listening side, up to the welcome; returns who connects, or null when it was refused.</summary>
    /// <param name="link">The new connection.</param>
    /// <param name="self">The address of this silo.</param>
    /// <param name="why">Refuses what nobody needs a secret for: the wrong kind of partner, a silo that is dead.</param>
    /// <param name="cancellation">The deadline.</param>
    public async Task<Accepted?> Accept(Link link, string self, Func<string, string?> why, CancellationToken cancellation)
    {
        if (await link.ReadAsync(cancellation).ConfigureAwait(false) is not { Kind: FrameKind.Hello } frame) return null;
        var hello = wire.Read(frame.Payload);
        var version = hello.ReadUnsigned();
        if (version != ProtocolVersion) return Refuse(link, Refusal.Never, $"The silo {self} speaks protocol {ProtocolVersion}, not {version}: all silos and clients must be of one version.");
        var (cluster, other, wanted, otherNonce) = (hello.ReadString() ?? "", hello.ReadString() ?? "", hello.ReadString() ?? "", hello.ReadBytes());
        if (cluster != clusterId) return Refuse(link, Refusal.Never, $"The silo {self} is not of cluster \"{cluster}\".");
        if (wanted.Length > 0 && wanted != self) return Refuse(link, Refusal.Now, $"{wanted} is gone: {self} listens here.");

        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        link.Send(FrameKind.Challenge, wire.Write(writer =>
        {
            writer.WriteString(self);
            writer.WriteBytes(nonce);
        }));
        if (await link.ReadAsync(cancellation).ConfigureAwait(false) is not { Kind: FrameKind.Proof } proof) return null;
        if (!secret.IsProof(proof.Payload.Span, Said("connects", other, wanted, self, otherNonce, nonce))) return Refuse(link, Refusal.Secret, "");
        if (why(other) is { } reason) return Refuse(link, Refusal.Now, reason);
        link.Trust();
        return new Accepted(other, secret.Prove(Said("listens", other, wanted, self, otherNonce, nonce)));
    }

    /// <summary>The last frame of the handshake.</summary>
    public void Welcome(Link link, Accepted accepted, byte[] more) => link.Send(FrameKind.Welcome, wire.Write(writer =>
    {
        writer.WriteBytes(accepted.Proof);
        writer.WriteBytes(more);
    }));

    public Accepted? Refuse(Link link, Refusal refusal, string why)
    {
        link.Send(FrameKind.Refused, (byte[])[(byte)refusal, .. Wire.WriteText(why)]);
        RefusedBecause = refusal == Refusal.Secret ? "Its secret differs." : why;
        return null;
    }

    private static OrleansConfigurationException Differs() =>
        new("The other side's secret differs from this one's: Cluster:Secret must be the same on all silos and clients of a cluster.");

    private static async Task<ReadOnlyMemory<byte>> Expect(Link link, FrameKind kind, CancellationToken cancellation)
    {
        var frame = await link.ReadAsync(cancellation).ConfigureAwait(false) ?? throw new ConnectionFailedException("The connection ended at once.");
        if (frame.Kind == kind) return frame.Payload;
        if (frame.Kind != FrameKind.Refused || frame.Payload.Length == 0) throw new ConnectionFailedException("What answers there is no silo.");
        var why = Wire.ReadText(frame.Payload[1..]);
        throw (Refusal)frame.Payload.Span[0] switch
        {
            Refusal.Secret => Differs(),
            Refusal.Never => new OrleansConfigurationException(why),
            _ => new ConnectionFailedException(why),
        };
    }

    private byte[] Said(string role, string connecting, string wanted, string listening, byte[] connectingNonce, byte[] listeningNonce) => wire.Write(writer =>
    {
        writer.WriteString(role);
        writer.WriteUnsigned(ProtocolVersion);
        writer.WriteString(clusterId);
        writer.WriteString(connecting);
        writer.WriteString(wanted);
        writer.WriteString(listening);
        writer.WriteBytes(connectingNonce);
        writer.WriteBytes(listeningNonce);
    });
}

/// <summary>A connection that may be welcomed.</summary>
/// <param name="Other">Who connects.</param>
/// <param name="Proof">That this side knows the secret.</param>
internal sealed record Accepted(string Other, byte[] Proof);

/// <summary>Whether it makes sense to try again.</summary>
internal enum Refusal : byte
{
    /// <summary>Not now.</summary>
    Now = 0,

    /// <summary>The secrets differ.</summary>
    Secret = 1,

    /// <summary>The cluster or the protocol differs.</summary>
    Never = 2,
}
