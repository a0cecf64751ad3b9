namespace OrleansRecorder.Scheduling;

/// <summary>Shares time in proportion to weight, between each claim's least and its ask.</summary>
internal static class WaterFilling
{
    /// <summary>
    /// Milliseconds for each claim; together at most <paramref name="availableMs"/>, and all of it (but for rounding down) unless everyone has its ask.
    /// The claims' least must fit into what is available.
    /// </summary>
    public static long[] Share(IReadOnlyList<Claim> claims, long availableMs)
    {
        if (claims.Sum(c => c.AskMs) <= availableMs) return [.. claims.Select(c => c.AskMs)];

        // The level is the time per unit of weight; a hundred halvings reach the precision of a double.
        double low = 0, high = claims.Max(c => c.AskMs / c.Weight);
        for (var step = 0; step < 100; step++)
        {
            var middle = low + (high - low) / 2;
            if (claims.Sum(c => At(c, middle)) <= availableMs) low = middle; else high = middle;
        }

        // A share of 30 s must not come out as 29.999 s because the level is a double: a millionth of a millisecond is forgiven.
        return [.. claims.Select(c => (long)Math.Floor(At(c, low) + 1e-6))];
    }

    private static double At(Claim claim, double level) => Math.Clamp(level * claim.Weight, claim.LeastMs, claim.AskMs);
}
