namespace OrleansRecorder.Cycles;

/// <summary>A stream that was not begun in the last cycle.</summary>
/// <param name="Stream">The address without credentials.</param>
/// <param name="OutputFilename">Tells two streams of one address apart.</param>
/// <param name="Cycles">How many cycles in a row it has waited.</param>
[GenerateSerializer, Alias("recorder.WaitingStream")]
public sealed record WaitingStream(string Stream, string OutputFilename, int Cycles);
