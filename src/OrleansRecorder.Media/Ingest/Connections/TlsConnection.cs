using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>
/// TLS over a connection that the sweep feeds: <see cref="SslStream"/> reads from <see cref="SweptStream"/>, whose reads complete inside a sweep, so that all of it
/// happens on the ingest thread, without a task or a worker of the pool.
/// </summary>
/// <param name="inner">What lies under it; disposed with it.</param>
/// <param name="host">The name that the certificate must hold.</param>
/// <param name="acceptsAnyCertificate">Connect whatever certificate the server shows.</param>
internal sealed class TlsConnection(IByteConnection inner, string host, bool acceptsAnyCertificate) : IByteConnection
{
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(5);

    // A TLS record holds 16 KiB at most.
    private readonly byte[] _clear = new byte[16 << 10];
    private readonly SweptStream _wire = new(inner);
    private SslStream? _tls;
    private Task? _handshake;
    private ValueTask<int> _reading;
    private bool _isReading;
    private int _from;
    private int _to;
    private TimeSpan _deadline;

    /// <inheritdoc/>
    public CaptureCause? Failure { get; private set; }

    /// <inheritdoc/>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public IPEndPoint Local => inner.Local;

    /// <inheritdoc/>
    public IPEndPoint Remote => inner.Remote;

    /// <inheritdoc/>
    public bool Connect(TimeSpan now)
    {
        if (Failure is not null) return false;
        if (!inner.Connect(now))
        {
            Failure = inner.Failure;
            return false;
        }

        if (_handshake is null)
        {
            _deadline = now + HandshakePatience;
            _tls = new SslStream(_wire, leaveInnerStreamOpen: false);
            _handshake = _tls.AuthenticateAsClientAsync(Options());
        }

        _wire.Pump();
        if (!_handshake.IsCompleted)
        {
            if (now >= _deadline) Failure = CaptureCause.ConnectTimeout;
            return false;
        }

        if (!_handshake.IsCompletedSuccessfully) Failure = _handshake.Exception?.InnerException is AuthenticationException ? CaptureCause.Tls : CaptureCause.Disconnected;
        return Failure is null;
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> destination)
    {
        _wire.Pump();
        var count = 0;
        while (count < destination.Length && (_from < _to || Decrypt()))
        {
            var piece = _clear.AsSpan(_from, Math.Min(_to - _from, destination.Length - count));
            piece.CopyTo(destination[count..]);
            _from += piece.Length;
            count += piece.Length;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> data)
    {
        if (IsClosed) return;
        try
        {
            // The wire keeps what the socket has no room for, so this completes at once.
            var sending = _tls!.WriteAsync(data.ToArray());
            if (sending.IsCompletedSuccessfully) sending.GetAwaiter().GetResult();
            else IsClosed = true;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            IsClosed = true;
        }
    }

    /// <inheritdoc/>
    public bool Flush() => inner.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _wire.Break();
        if (_handshake is { IsCompleted: true, IsFaulted: true }) _ = _handshake.Exception;
        _tls?.Dispose();
        inner.Dispose();
    }

    private static bool IsBroken(Exception exception) => exception is IOException or InvalidOperationException or AuthenticationException;

    private bool Decrypt()
    {
        if (IsClosed) return false;
        try
        {
            if (!_isReading) _reading = _tls!.ReadAsync(_clear);
            _isReading = !_reading.IsCompleted;
            if (_isReading) return false;
            (_from, _to) = (0, _reading.GetAwaiter().GetResult());
            IsClosed = _to == 0;
            return !IsClosed;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            IsClosed = true;
            return false;
        }
    }

    private SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = host,
        RemoteCertificateValidationCallback = acceptsAnyCertificate ? (_, _, _, _) => true : null,
        // Nothing here may wait for another server.
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
    };
}
