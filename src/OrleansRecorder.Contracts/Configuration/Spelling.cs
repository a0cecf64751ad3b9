namespace OrleansRecorder.Configuration;

/// <summary>Finds the field that a user meant.</summary>
public static class Spelling
{
    /// <summary>
    /// The known name that differs by a slip or two, or only by case and separators; else null. The first letter must be right:
    /// people seldom miss it, and <c>height</c> is no misspelt <c>weight</c>.
    /// </summary>
    public static string? Closest(string name, IEnumerable<string> known) => known
        .Where(k => Plain(name).FirstOrDefault() == Plain(k)[0])
        .Select(k => (Name: k, Slips: Slips(Plain(name), Plain(k))))
        .Where(k => k.Slips <= 1 + Plain(k.Name).Length / 7)
        .OrderBy(k => k.Slips).Select(k => k.Name).FirstOrDefault();

    private static string Plain(string name) => new([.. name.ToLowerInvariant().Where(char.IsLetterOrDigit)]);

    // Optimal string alignment: letters added, left out, replaced, or two swapped.
    private static int Slips(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 6) return int.MaxValue;
        var slips = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    slips[i, j] = i + j;
                    continue;
                }

                var least = Math.Min(Math.Min(slips[i - 1, j], slips[i, j - 1]) + 1, slips[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) least = Math.Min(least, slips[i - 2, j - 2] + 1);
                slips[i, j] = least;
            }
        }

        return slips[a.Length, b.Length];
    }
}
