using System.Globalization;
using OrleansRecorder.Api.Errors;

namespace OrleansRecorder.Api.Requests;

/// <summary>The piece of a list that a client asks for with <c>offset</c> and <c>limit</c>.</summary>
/// <param name="Offset">How many to pass over, from 0.</param>
/// <param name="Limit">How many to return at most, from 1; <see cref="int.MaxValue"/> for all.</param>
internal readonly record struct Page(int Offset, int Limit)
{
    /// <summary>The first so many that hold this page: what each of several nodes is asked for.</summary>
    public int Reach => (int)Math.Min((long)Offset + Limit, int.MaxValue);

    public static Page Parse(string? offset, string? limit) => new(Number(offset, "offset", 0, 0), Number(limit, "limit", 1, int.MaxValue));

    public IEnumerable<T> Of<T>(IEnumerable<T> items) => items.Skip(Offset).Take(Limit);

    private static int Number(string? text, string name, int least, int otherwise)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw ApiException.BadRequest($"{name} 必须是不小于 {least} 的整数: {text}", $"{name} must be a whole number of at least {least}: {text}");
    }
}
