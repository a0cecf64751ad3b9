using OrleansRecorder.Cameras;

namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>What a camera sent over one connection, laid beside what was recorded of it.</summary>
internal sealed class SentFrames(WireLog wire, int connection)
{
    /// <summary>In the order of sending.</summary>
    public IReadOnlyList<WireFrame> All { get; } = [.. wire.Frames.Where(f => f.Connection == connection)];

    /// <summary>Those that a recorder can use: nothing before a whole key frame, nothing from a damaged frame to the next key frame.</summary>
    public IReadOnlyList<WireFrame> Usable
    {
        get
        {
            List<WireFrame> usable = [];
            var isGood = false;
            foreach (var frame in All)
            {
                isGood = frame.IsWhole && (isGood || frame.IsKey);
                if (isGood) usable.Add(frame);
            }

            return usable;
        }
    }

    /// <summary><see cref="Usable"/>, with the first of which a recording of these numbers begins. Throws <see cref="CheckFailed"/> (O10) when it does not.</summary>
    public IReadOnlyList<WireFrame> UsableFrom(IReadOnlyList<int> numbers)
    {
        var usable = Usable;
        if (usable.Count > 0 && usable[0].Index == numbers[0]) return usable;
        throw new CheckFailed("O10", $"the recording begins with number {numbers[0]}; sent was {string.Join(' ', usable.Take(3).Select(f => f.Index))} …");
    }
}
