namespace OrleansRecorder.Cameras;

/// <summary>How a camera with a <see cref="CameraOptions.User"/> asks for the password.</summary>
public enum CameraAuthentication
{
    /// <summary>Digest with MD5 and <c>qop="auth"</c> (RFC 2617).</summary>
    Digest,

    /// <summary>Digest with MD5 and without qop, as older cameras do (RFC 2069).</summary>
    DigestWithoutQop,

    /// <summary>Digest with SHA-256 and <c>qop="auth"</c> (RFC 7616).</summary>
    DigestSha256,

    /// <summary>Basic.</summary>
    Basic
}
