using System.Globalization;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>What a client must do on the wire, whatever becomes of the file.</summary>
internal static class WireChecks
{
    // Five seconds, and what two sweeps and a busy machine add.
    private const double ReportPatience = 5.6;

    /// <summary>All of it, for a client that is expected to connect so often.</summary>
    public static void AreKept(WireLog wire, CameraOptions camera, int connections, bool endedByClient = true)
    {
        CheckFailed.Unless(wire.Connections.Count == connections, "W", $"{wire.Connections.Count} connections instead of {connections}");
        foreach (var request in wire.Requests)
        {
            var session = request.Headers.GetValueOrDefault("Session", "");
            CheckFailed.Unless(!session.Contains(';', StringComparison.Ordinal), "W", $"{request.Method} sends 'Session: {session}'");
            CheckFailed.Unless(!request.Url.Contains('@', StringComparison.Ordinal), "W", $"{request.Method} names the user in its address");
            CheckFailed.Unless(!OffersDigest(camera) || request.Scheme is "" or "Digest", "W", $"{request.Method} sends the password as {request.Scheme}");
            CheckFailed.Unless(request.Headers.ContainsKey("User-Agent"), "W", $"{request.Method} has no User-Agent");
            CheckFailed.Unless(!request.Headers.ContainsKey("Require"), "W", $"{request.Method} requires something");
        }

        foreach (var connection in wire.Connections) Session(wire, connection, endedByClient);
    }

    /// <summary>No connection is open any more. The camera sees the end within a few of its ticks.</summary>
    public static async Task AllConnectionsEnd(WireLog wire)
    {
        for (var attempt = 0; wire.Connections.Any(c => c.ClosedAt is null); attempt++)
        {
            CheckFailed.Unless(attempt < 100, "O16", "a connection is still open 2 s after the end");
            await Task.Delay(20);
        }
    }

    private static void Session(WireLog wire, WireConnection connection, bool endedByClient)
    {
        var requests = wire.Requests.Where(r => r.Connection == connection.Number).ToList();
        if (requests.FirstOrDefault(r => r.Method == "PLAY") is not { } play) return;
        var teardowns = requests.Count(r => r.Method == "TEARDOWN");
        CheckFailed.Unless(!endedByClient || teardowns == 1, "W", $"connection {connection.Number} has {teardowns} TEARDOWN");

        var last = play.At;
        var end = requests.FirstOrDefault(r => r.Method == "TEARDOWN")?.At ?? connection.ClosedAt ?? last;
        foreach (var at in wire.Reports.Where(r => r.Connection == connection.Number).Select(r => r.At).Append(end))
        {
            CheckFailed.Unless((at - last).TotalSeconds <= ReportPatience, "W", string.Create(CultureInfo.InvariantCulture, $"no receiver report from {last.TotalSeconds:0.0} to {at.TotalSeconds:0.0} s"));
            last = at;
        }
    }

    private static bool OffersDigest(CameraOptions camera) => camera.User is not null
        && (camera.Quirks.Login.Offers is { Count: > 0 } offers ? offers : [camera.Authentication]).Any(o => o != CameraAuthentication.Basic);
}
