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

    /// <summary>
    /// Where in <see cref="Usable"/> a recording begins whose first pictures have these numbers: at the first frame, or at most a group of pictures later. Throws
    /// <see cref="CheckFailed"/> (O10) when it begins nowhere there.
    /// </summary>
    public int StartOf(IReadOnlyList<int> numbers, int group)
    {
        var usable = Usable;
        for (var at = 0; at <= group && at < usable.Count; at++)
        {
            if (usable[at].IsKey && usable[at].Index == numbers[0]) return at;
        }

        throw new CheckFailed("O10", $"the recording begins with number {numbers[0]}; sent was {string.Join(' ', usable.Take(3).Select(f => f.Index))} …");
    }
}
