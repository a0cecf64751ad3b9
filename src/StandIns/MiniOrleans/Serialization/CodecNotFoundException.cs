namespace Orleans.Serialization;

/// <summary>A value's type cannot cross a grain call.</summary>
[GenerateSerializer]
public sealed class CodecNotFoundException(string message) : Exception(message);
