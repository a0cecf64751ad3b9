using System.Globalization;
using OrleansRecorder.Media.Rtsp.Messages;

namespace OrleansRecorder.Media.Rtsp.Descriptions;

/// <summary>
/// Reads session descriptions a line at a time, as cameras write them: a line that makes no sense is passed over, a media that makes none is left out, and
/// nothing is required but <c>m=</c>.
/// </summary>
internal sealed class SessionDescriptionReader
{
    private const int MaxLine = 64 << 10;
    private readonly List<MediaOffer> _media = [];
    private string? _control;
    private TimeSpan? _duration;
    private MediaLines? _current;
    private bool _hasMediaLines;
    private bool _hasUnusableSound;

    /// <summary>Reads a body, whatever it is.</summary>
    public static SessionDescription Read(ReadOnlySpan<byte> body)
    {
        var reader = new SessionDescriptionReader();
        foreach (var line in WireText.FromWire(body).Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) reader.Take(line);
        reader.EndMedia();
        return new SessionDescription
        {
            Control = reader._control,
            Duration = reader._duration,
            Media = reader._media,
            HasMediaLines = reader._hasMediaLines,
            HasUnusableSound = reader._hasUnusableSound,
        };
    }

    private void Take(string line)
    {
        if (line.Length is < 2 or > MaxLine || line[1] != '=') return;
        var value = line[2..].Trim();
        switch (line[0])
        {
            case 'm':
                EndMedia();
                _hasMediaLines = true;
                _current = new MediaLines(value);
                break;
            case 'a':
                TakeAttribute(value);
                break;
        }
    }

    private void TakeAttribute(string attribute)
    {
        var colon = attribute.IndexOf(':');
        var (name, value) = colon < 0 ? (attribute, "") : (attribute[..colon].TrimEnd(), attribute[(colon + 1)..].Trim());
        name = name.ToLowerInvariant();
        if (name == "range") _duration ??= PlayRange.Length(value);
        if (_current is not null) _current.Take(name, value);
        else if (name == "control") _control ??= value;
    }

    private void EndMedia()
    {
        if (_current?.ToOffer() is not { } offer) _hasUnusableSound |= _current is { IsOfferOfSound: true };
        else if (_media.Count < SessionDescription.MaxMedia) _media.Add(offer);
        _current = null;
    }

    /// <summary>The lines of one media (RFC 8866, 5.14).</summary>
    private sealed class MediaLines(string line)
    {
        private const int MaxFormats = 64;
        private const int MaxParameters = 64;

        // No codec counts slower, and times in units that are longer would not fit into their clocks.
        private const int SlowestClock = 1000;
        private readonly string[] _line = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        private readonly List<(int? PayloadType, string Value)> _maps = [];
        private readonly List<(int? PayloadType, string Value)> _formats = [];

        // What a line says is shared by all formats that it is meant for.
        private readonly Dictionary<string, Dictionary<string, string>> _parameters = [];
        private string? _control;
        private string? _size;
        private bool _isSendOnly;

        public bool IsOfferOfSound => _line.Length > 0 && _line[0].Equals("audio", StringComparison.OrdinalIgnoreCase) && !_isSendOnly;

        public void Take(string name, string value)
        {
            switch (name)
            {
                case "control":
                    _control ??= value;
                    break;
                case "rtpmap" when _maps.Count < MaxFormats:
                    _maps.Add(Numbered(value));
                    break;
                case "fmtp" when _formats.Count < MaxFormats:
                    _formats.Add(Numbered(value));
                    break;
                case "x-dimensions":
                    _size ??= value;
                    break;
                case "framesize":
                    _size ??= Numbered(value).Value;
                    break;
                case "sendonly":
                    _isSendOnly = true;
                    break;
            }
        }

        public MediaOffer? ToOffer()
        {
            // m=<media> <port> <proto> <fmt> …; the port means nothing in RTSP.
            if (_line.Length < 4) return null;
            var kind = _line[0].ToLowerInvariant();
            var isPlainRtp = _line[2].StartsWith("RTP/AVP", StringComparison.OrdinalIgnoreCase);
            if (!isPlainRtp && kind != "video") return null;
            var formats = new List<MediaDescription>();
            foreach (var text in _line.AsSpan(3))
            {
                if (formats.Count < MaxFormats && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var payloadType) && payloadType is >= 0 and <= 127 && Describe(kind, payloadType) is { ClockRate: >= SlowestClock } media) formats.Add(isPlainRtp ? media : Undecipherable(media));
            }

            return formats.Count == 0 ? null : new MediaOffer(formats);
        }

        private MediaDescription Describe(string kind, int payloadType)
        {
            var isAudio = kind == "audio";
            var known = PayloadTypes.Static(payloadType);
            var (encoding, clockRate, channels) = (known?.Encoding ?? "", known?.ClockRate ?? (isAudio ? 8000 : 90000), known?.Channels ?? 1);
            if ((Of(_maps, payloadType) ?? (known is null ? Single(_maps) : null)) is { } map)
            {
                var parts = map.Split('/', StringSplitOptions.TrimEntries);
                if (Name(parts[0]) is { Length: > 0 } name) (encoding, clockRate, channels) = (name, isAudio ? DefaultClock(name) : 90000, 1);
                if (parts.Length > 1 && Number(parts[1]) is { } rate) clockRate = rate;
                if (parts.Length > 2 && Number(parts[2]) is { } count and <= 8) channels = count;
            }

            var (width, height) = Size();
            return new MediaDescription
            {
                Kind = kind,
                Encoding = encoding,
                PayloadType = payloadType,
                ClockRate = clockRate,
                Channels = isAudio ? Math.Max(1, channels) : 0,
                Parameters = Parameters(Of(_formats, payloadType) ?? Single(_formats) ?? ""),
                Control = _control,
                Width = width,
                Height = height,
                IsSendOnly = _isSendOnly,
            };
        }

        // Encrypted, or no RTP at all: there is a picture, but nobody here can read it.
        private static MediaDescription Undecipherable(MediaDescription media) => media with { Encoding = "" };

        private static int DefaultClock(string encoding) => encoding == "OPUS" ? 48000 : encoding.StartsWith("MP4A", StringComparison.Ordinal) ? 90000 : 8000;

        private static string Name(string text) => text.ToUpperInvariant() switch
        {
            "HEVC" => "H265",
            "AVC" => "H264",
            var name => name,
        };

        private static string? Of(List<(int? PayloadType, string Value)> lines, int payloadType)
        {
            foreach (var line in lines)
            {
                if (line.PayloadType == payloadType) return line.Value;
            }

            return null;
        }

        // The only one of a media is meant for it, whatever number it has.
        private static string? Single(List<(int? PayloadType, string Value)> lines) => lines.Count == 1 ? lines[0].Value : null;

        private static (int? PayloadType, string Value) Numbered(string value)
        {
            var blank = value.IndexOf(' ');
            var first = blank < 0 ? value : value[..blank];
            return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, blank < 0 ? "" : value[(blank + 1)..].Trim()) : (null, value);
        }

        private Dictionary<string, string> Parameters(string text)
        {
            if (!_parameters.TryGetValue(text, out var parameters)) _parameters[text] = parameters = ReadParameters(text);
            return parameters;
        }

        private static Dictionary<string, string> ReadParameters(string text)
        {
            var parameters = new Dictionary<string, string>();
            foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (parameters.Count == MaxParameters) break;
                var equals = part.IndexOf('=');
                var name = (equals < 0 ? part : part[..equals].TrimEnd()).ToLowerInvariant();
                parameters.TryAdd(name, equals < 0 ? "" : part[(equals + 1)..].TrimStart());
            }

            return parameters;
        }

        // "1920,1080" or "1920-1080"
        private (int Width, int Height) Size()
        {
            var parts = (_size ?? "").Split([',', '-', 'x', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return parts.Length == 2 && Number(parts[0]) is { } width and <= 32768 && Number(parts[1]) is { } height and <= 32768 ? (width, height) : (0, 0);
        }

        private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }
}
