using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A client of another process, as its gateway sees it.</summary>
internal sealed class RemoteClient(Silo silo, FrameStream frames) : IClientConnection
{
    /// <summary>Where clients connect.</summary>
    public const string Path = "/orleans/gateway";

    /// <summary>Bytes of a message beside its body.</summary>
    public const int MaxOverhead = 1 << 16;

    /// <summary>Both ends must speak the same.</summary>
    public const int ProtocolVersion = 1;

    private readonly Wire _wire = silo.Caller.Wire;

    public async Task RunAsync(CancellationToken aborted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(aborted, frames.Broken);
        var writing = frames.WriteAllAsync();
        try
        {
            if (await frames.ReadAsync(over.Token).ConfigureAwait(false) is { Kind: FrameKind.Hello } hello) await Serve(hello.Payload, over.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidDataException)
        {
            // The client is gone, or does not speak as it should: the connection ends, nothing else does.
        }
        finally
        {
            frames.Complete();
            await writing.ConfigureAwait(false);
        }
    }

    public void Send(Message message) => frames.TrySend(FrameStream.Frame(message, silo.Caller.Wire.Exceptions));

    public void Goodbye() => frames.TrySend(FrameStream.Frame(FrameKind.Goodbye, []));

    public void Dropped() => frames.Complete();

    private async Task Serve(byte[] hello, CancellationToken over)
    {
        var reader = _wire.Read(hello);
        var version = (int)reader.ReadUnsigned();
        var clusterId = reader.ReadString();
        var client = BuiltInCodecs.ReadGrainId(reader);
        if (version != ProtocolVersion || clusterId != silo.Details.ClusterId || !ClientIds.IsClient(client))
        {
            Refuse($"This is a gateway of cluster \"{silo.Details.ClusterId}\", protocol {ProtocolVersion}.");
            return;
        }

        try
        {
            await silo.Gateway.Connect(client, this).ConfigureAwait(false);
        }
        catch (OrleansException exception)
        {
            Refuse(exception.Message);
            return;
        }

        try
        {
            frames.TrySend(FrameStream.Frame(FrameKind.Welcome, _wire.Write(writer => Slot<GrainTypeMap.Entry[]>.Instance.Write(writer, [.. silo.Classes.Map.Entries]))));
            while (await frames.ReadAsync(over).ConfigureAwait(false) is { } frame)
            {
                if (frame.Kind == FrameKind.Message) silo.Gateway.Receive(MessageCodec.Read(_wire.Read(frame.Payload)));
            }
        }
        finally
        {
            await silo.Gateway.Disconnect(client, this).ConfigureAwait(false);
        }
    }

    private void Refuse(string why) => frames.TrySend(FrameStream.Frame(FrameKind.Refused, Wire.WriteText(why)));
}
