using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>Whether recordings can be seen. Many files take one decoder: starting one costs more than a short file.</summary>
internal static class Decoding
{
    private const int FilesAtOnce = 24;

    /// <summary>Every file opens and decodes to its end without an error. Throws <see cref="InvalidDataException"/> with the decoder's words otherwise.</summary>
    public static async Task MustBeSound(IReadOnlyList<string> files)
    {
        foreach (var some in files.Chunk(FilesAtOnce))
        {
            string[] arguments = ["-nostdin", "-v", "error", "-xerror", .. some.SelectMany(file => (string[])["-i", file]), .. some.SelectMany((_, n) => (string[])["-map", $"{n}"]), "-f", "null", "-"];
            var decode = await Shell.Run("ffmpeg", arguments);
            if (decode.ExitCode != 0 || decode.Errors.Length > 0) throw new InvalidDataException($"does not decode, among {string.Join(", ", some)}:\n{decode.Errors}");
        }
    }
}
