using OrleansRecorder.Testing;

namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>The pictures that a camera sends, known by the hashes of what they decode to: a recorded picture is one of them bit for bit, or damaged.</summary>
internal sealed class SourcePictures
{
    private readonly Dictionary<string, int> _indices = [];

    private SourcePictures(IReadOnlyList<string> hashes)
    {
        for (var i = 0; i < hashes.Count; i++)
        {
            if (!_indices.TryAdd(hashes[i], i)) throw new InvalidDataException($"pictures {_indices[hashes[i]]} and {i} of the source are the same");
        }
    }

    /// <summary>How many there are; after the last comes the first.</summary>
    public int Count => _indices.Count;

    /// <summary>Decodes a camera's file; pictures are numbered as they are seen.</summary>
    public static async Task<SourcePictures> Of(string path)
    {
        using var turn = await Turn.Take();
        var output = await Shell.Run("ffmpeg", "-nostdin", "-v", "error", "-xerror", "-threads", "1", "-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-");
        return output.ExitCode == 0 && output.Errors.Length == 0 ? new(Hashes(output.Text)) : throw new InvalidDataException($"{path}: {output.Errors}");
    }

    /// <summary>The number of a picture, or null: it is none of them.</summary>
    public int? IndexOf(string hash) => _indices.TryGetValue(hash, out var index) ? index : null;

    /// <summary>The last column of what ffmpeg's framemd5 prints.</summary>
    public static IReadOnlyList<string> Hashes(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line[(line.LastIndexOf(',') + 1)..].Trim())];
}
