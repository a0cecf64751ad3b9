using OrleansRecorder.Cameras;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>Says what is odd about a camera, on top of what chance has given it.</summary>
internal static class CameraEdits
{
    public static CameraOptions Login(this CameraOptions camera, Func<LoginQuirks, LoginQuirks> edit) => camera with
    {
        User = camera.User ?? "admin",
        Password = camera.User is null ? "p@ss:w/rd#1 密码" : camera.Password,
        Quirks = camera.Quirks with { Login = edit(camera.Quirks.Login) },
    };

    public static CameraOptions Replies(this CameraOptions camera, Func<ReplyQuirks, ReplyQuirks> edit) =>
        camera with { Quirks = camera.Quirks with { Replies = edit(camera.Quirks.Replies) } };

    public static CameraOptions Description(this CameraOptions camera, Func<DescriptionQuirks, DescriptionQuirks> edit) =>
        camera with { Quirks = camera.Quirks with { Description = edit(camera.Quirks.Description) } };

    public static CameraOptions Transport(this CameraOptions camera, Func<TransportQuirks, TransportQuirks> edit) =>
        camera with { Quirks = camera.Quirks with { Transport = edit(camera.Quirks.Transport) } };

    public static CameraOptions Session(this CameraOptions camera, Func<SessionQuirks, SessionQuirks> edit) =>
        camera with { Quirks = camera.Quirks with { Session = edit(camera.Quirks.Session) } };

    public static CameraOptions Packets(this CameraOptions camera, Func<PacketQuirks, PacketQuirks> edit) =>
        camera with { Quirks = camera.Quirks with { Packets = edit(camera.Quirks.Packets) } };

    public static CameraOptions Timestamps(this CameraOptions camera, Func<TimestampQuirks, TimestampQuirks> edit) =>
        camera with { Quirks = camera.Quirks with { Timestamps = edit(camera.Quirks.Timestamps) } };
}
