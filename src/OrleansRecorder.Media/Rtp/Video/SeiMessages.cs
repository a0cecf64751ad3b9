namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>Supplemental enhancement information (ITU-T H.264, 7.3.2.3; ITU-T H.265, 7.3.2.4).</summary>
internal static class SeiMessages
{
    private const int RecoveryPoint = 6;

    /// <summary>Whether a unit, its header left out, holds a recovery point (ITU-T H.264, D.1.8; ITU-T H.265, D.2.8).</summary>
    public static bool HasRecoveryPoint(ReadOnlySpan<byte> payload)
    {
        // The last byte is the trailing bit.
        while (payload.Length > 2)
        {
            var kind = Number(ref payload);
            var length = Number(ref payload);
            if (kind == RecoveryPoint) return true;
            if (length >= payload.Length) return false;
            payload = payload[length..];
        }

        return false;
    }

    private static int Number(ref ReadOnlySpan<byte> data)
    {
        var number = 0;
        while (data.Length > 0)
        {
            var value = data[0];
            data = data[1..];
            number += value;
            if (value != 0xFF) break;
        }

        return number;
    }
}
