namespace OrleansRecorder.Cameras;

/// <summary>How the password is asked for.</summary>
public sealed record LoginQuirks
{
    /// <summary>What is offered, in this order, and accepted; empty: what <see cref="CameraOptions.Authentication"/> says alone.</summary>
    public IReadOnlyList<CameraAuthentication> Offers { get; init; } = [];

    /// <summary>All offers stand in one header, with commas between them, instead of a header each.</summary>
    public bool InOneHeader { get; init; }

    /// <summary>Has no quote in it; a comma is fine.</summary>
    public string Realm { get; init; } = "camera";

    /// <summary>Methods that are refused once a session although the nonce was right, with a new nonce; <c>keep-alive</c>: the first request of a session that plays.</summary>
    public IReadOnlyList<string> RenewsNonceAt { get; init; } = [];

    /// <summary>A new nonce comes with <c>stale=TRUE</c>, as RFC 7616 section 3.3 asks.</summary>
    public bool SaysStale { get; init; } = true;

    /// <summary>The connection is closed after each 401; the nonce outlives it.</summary>
    public bool ClosesAfterChallenge { get; init; }
}
