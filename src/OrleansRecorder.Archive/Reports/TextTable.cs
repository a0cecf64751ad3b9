using System.Text;

namespace OrleansRecorder.Archive.Reports;

/// <summary>Rows in aligned columns, two spaces apart; nothing trails the last one.</summary>
internal sealed class TextTable
{
    private readonly bool[] _isNumber;
    private readonly List<string[]> _rows = [];

    /// <param name="headers">The columns; one that ends in <c>&gt;</c> is set to the right, as numbers are.</param>
    public TextTable(params string[] headers)
    {
        _isNumber = [.. headers.Select(h => h.EndsWith('>'))];
        _rows.Add([.. headers.Select(h => h.TrimEnd('>'))]);
    }

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(OneLine)]);

    public void WriteTo(StringBuilder text)
    {
        var widths = Enumerable.Range(0, _isNumber.Length).Select(i => _rows.Max(row => DisplayWidth.Of(row[i]))).ToArray();
        foreach (var row in _rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, i) => DisplayWidth.Pad(cell, widths[i], _isNumber[i]))).TrimEnd());
            if (row == _rows[0]) text.AppendLine(string.Join("  ", widths.Select(width => new string('-', width))));
        }
    }

    /// <summary>The text with line breaks and other control characters as spaces: one line stays one line.</summary>
    public static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
