using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Ingest.Connections;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Ingest;

/// <summary>rtsp and rtsps by our own client, on the ingest threads.</summary>
/// <param name="request">The stream.</param>
/// <param name="services">What all sources of an engine share.</param>
internal sealed class RtspSource(SourceRequest request, IngestServices services) : IMediaSource
{
    /// <inheritdoc/>
    public Task<SourceEnd> Run(IMediaSink sink, CancellationToken stop)
    {
        var session = new RtspSession(request, services, sink, stop);
        services.Threads.Add(session);
        return session.Completion;
    }
}

/// <summary>What all sources of an engine share.</summary>
/// <param name="Threads">Who sweeps.</param>
/// <param name="Pool">The memory that media waits in.</param>
/// <param name="Hosts">Who looks names up.</param>
/// <param name="Time">The clock.</param>
internal sealed record IngestServices(IngestThreads Threads, ChunkPool Pool, HostAddresses Hosts, TimeProvider Time);
