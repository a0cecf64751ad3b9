namespace OrleansRecorder.Cameras.Clips;

/// <summary>What cameras sound like: a quiet tone of 1 kHz, loud for the first tenth of every second.</summary>
internal static class Sound
{
    private const double Frequency = 1000;
    private const double Quiet = 0.05;
    private const double Loud = 0.7;

    /// <summary>Whole seconds of it; every second is the same, so it loops without a joint.</summary>
    public static short[] Samples(int sampleRate, int seconds)
    {
        var samples = new short[sampleRate * seconds];
        for (var i = 0; i < samples.Length; i++)
        {
            var amplitude = i % sampleRate * 10 < sampleRate ? Loud : Quiet;
            samples[i] = (short)(short.MaxValue * amplitude * Math.Sin(2 * Math.PI * Frequency * i / sampleRate));
        }

        return samples;
    }
}
