namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>Finds the cameras' beeps, and the height of their tone, in decoded sound.</summary>
internal static class Beeps
{
    private const int Window = Recording.SampleRate / 200;
    private const double Loud = 0.25 * short.MaxValue;
    private const double Silent = 0.01 * short.MaxValue;
    private const double ShortestPause = 0.3;

    /// <summary>The moments, in seconds, at which it becomes loud.</summary>
    public static IReadOnlyList<double> In(ReadOnlySpan<short> samples)
    {
        List<double> beeps = [];
        var lastLoud = double.NegativeInfinity;
        for (var at = 0; at + Window <= samples.Length; at += Window)
        {
            if (Strength(samples.Slice(at, Window)) < Loud) continue;
            var time = (double)at / Recording.SampleRate;
            if (time - lastLoud > ShortestPause) beeps.Add(time);
            lastLoud = time;
        }

        return beeps;
    }

    /// <summary>Hertz, from how often the wave goes up through zero wherever there is sound.</summary>
    public static double Tone(ReadOnlySpan<short> samples)
    {
        var (crossings, sounding) = (0, 0);
        for (var at = 0; at + Window + 1 <= samples.Length; at += Window)
        {
            if (Strength(samples.Slice(at, Window)) < Silent) continue;
            sounding += Window;
            for (var i = at; i < at + Window; i++)
            {
                if (samples[i] < 0 && samples[i + 1] >= 0) crossings++;
            }
        }

        return sounding == 0 ? 0 : (double)crossings * Recording.SampleRate / sounding;
    }

    private static double Strength(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return Math.Sqrt(sum / samples.Length);
    }
}
