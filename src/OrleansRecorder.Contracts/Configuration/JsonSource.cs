using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Configuration;

/// <summary>
/// JSON text with the places of its values, so that problems can be told by line and column. Refuses what <see cref="JsonNode"/> finds
/// too late or not at all: a key that occurs twice, and escapes that are no text.
/// </summary>
public sealed class JsonSource
{
    private readonly byte[] _bytes;
    private readonly List<int> _lineStarts = [0];
    private readonly Dictionary<string, int> _places = [];

    private JsonSource(byte[] bytes)
    {
        _bytes = bytes;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n') _lineStarts.Add(i + 1);
        }
    }

    /// <summary>The value; null when there are problems, and for the value null.</summary>
    public JsonNode? Root { get; private set; }

    /// <summary>Why there is no <see cref="Root"/>.</summary>
    public List<LocalizedText> Problems { get; } = [];

    /// <summary>Whether there are comments, which a tolerant read passes over.</summary>
    public bool HasComments { get; private set; }

    /// <summary>Reads a text; its problems are in <see cref="Problems"/>, nothing is thrown.</summary>
    /// <param name="text">The JSON text, without a byte order mark.</param>
    /// <param name="tolerant">Lets comments and trailing commas pass, for files that people edit.</param>
    public static JsonSource Read(string text, bool tolerant)
    {
        var source = new JsonSource(Encoding.UTF8.GetBytes(text));
        try
        {
            source.Scan(tolerant);
            if (source.Problems.Count > 0) return source;
            source.Root = JsonNode.Parse(source._bytes, documentOptions: new JsonDocumentOptions
            {
                AllowTrailingCommas = tolerant,
                CommentHandling = tolerant ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            });
        }
        catch (JsonException e)
        {
            source.Problems.Add(source.Unreadable(e));
        }

        return source;
    }

    /// <summary>Says where the value of a path stands, such as <c>streams[1].weight</c>, or else what it should be in.</summary>
    public LocalizedText Locate(string path, LocalizedText problem)
    {
        while (path.Length > 0 && !_places.ContainsKey(path)) path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        return _places.TryGetValue(path, out var place) ? At(place, problem) : problem;
    }

    private void Scan(bool tolerant)
    {
        var reader = new Utf8JsonReader(_bytes, new JsonReaderOptions
        {
            AllowTrailingCommas = tolerant,
            CommentHandling = tolerant ? JsonCommentHandling.Allow : JsonCommentHandling.Disallow,
        });
        var open = new Stack<Container>();
        while (reader.Read())
        {
            var place = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.Comment:
                    HasComments = true;
                    break;
                case JsonTokenType.PropertyName:
                    if (TextOf(ref reader) is { } name && !open.Peek().Begin(name)) Problems.Add(At(place, new($"字段 {name} 重复", $"the field {name} occurs twice")));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var path = open.Count == 0 ? "" : open.Peek().NextPath();
                    _places[path] = place;
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push(new Container(path, reader.TokenType == JsonTokenType.StartArray));
                    if (reader.TokenType == JsonTokenType.String) TextOf(ref reader);
                    break;
            }
        }
    }

    private string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, such as "\ud800": it can neither be shown nor saved.
            Problems.Add(At((int)reader.TokenStartIndex, new("字符串中有无效的 Unicode 转义", "the string has an escape that is no Unicode character")));
            return null;
        }
    }

    private LocalizedText Unreadable(JsonException e)
    {
        var line = (int)Math.Min(e.LineNumber ?? 0, _lineStarts.Count - 1);
        var place = (int)Math.Min(_lineStarts[line] + (e.BytePositionInLine ?? 0), _bytes.Length);
        if (_bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty) return new("JSON 内容为空", "there is no JSON, only an empty text");
        if (_bytes.AsSpan(place).Trim(" \t\r\n"u8).IsEmpty) return At(place, new("JSON 没有写完", "the JSON ends too early"));
        var found = Encoding.UTF8.GetString(_bytes, place, Math.Min(4, _bytes.Length - place)).EnumerateRunes().First();
        return At(place, found.Value == '\n'
            ? new("JSON 格式错误, 此处不应换行", "not valid JSON, the line must not end here")
            : new($"JSON 格式错误, 此处不应是 '{found}'", $"not valid JSON, '{found}' is unexpected here"));
    }

    private LocalizedText At(int place, LocalizedText problem)
    {
        var line = _lineStarts.BinarySearch(place) is >= 0 and var exact ? exact : ~_lineStarts.BinarySearch(place) - 1;
        var column = Encoding.UTF8.GetCharCount(_bytes, _lineStarts[line], place - _lineStarts[line]) + 1;
        return new($"第 {line + 1} 行第 {column} 列: {problem.Chinese}", $"line {line + 1}, column {column}: {problem.English}");
    }

    private sealed class Container(string path, bool isArray)
    {
        private readonly HashSet<string> _names = [];
        private string _name = "";
        private int _count;

        public bool Begin(string name) => _names.Add(_name = name);

        public string NextPath() => isArray ? $"{path}[{_count++}]" : path.Length == 0 ? _name : $"{path}.{_name}";
    }
}
