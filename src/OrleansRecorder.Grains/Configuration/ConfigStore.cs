using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansRecorder.Storage;

namespace OrleansRecorder.Configuration;

/// <summary>
/// ConfigGrain's state and its storage. A write is held over a restart of the database. One that was not answered may have been made all the same, or may be
/// made yet: each has the name of its activation, so reading again tells, and nothing is written twice.
/// </summary>
internal sealed partial class ConfigStore(IPersistentState<ConfigState> storage, StorageOutage outage, TimeProvider time, ILogger logger)
{
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private string? _etag;

    /// <summary>As it was read or written last.</summary>
    public ConfigState State { get; private set; } = new();

    /// <summary>A write was not answered, and may have been made or be made yet.</summary>
    public bool IsUnsure { get; private set; }

    /// <summary>Takes what the activation has read.</summary>
    public void Begin() => (State, _etag) = (storage.State, storage.Etag);

    /// <summary>Writes the next state.</summary>
    /// <returns>False when a write that had not been answered was made instead: <see cref="State"/> is what it left, and the change is to be made on that.</returns>
    /// <exception cref="ConfigStorageException">The storage is away for too long.</exception>
    /// <exception cref="InconsistentStateException">Another activation has written.</exception>
    public async Task<bool> Write(ConfigState next)
    {
        next.Writer = _writer;
        for (var isOvertaken = false; ;)
        {
            var tried = time.GetTimestamp();
            try
            {
                if (IsUnsure && await HasLateWrite()) return State.Version == next.Version && State.Document == next.Document && State.FileHash == next.FileHash;
                storage.State = next;
                await storage.WriteStateAsync();
                Know();
                return true;
            }
            catch (InconsistentStateException) when (IsUnsure && !isOvertaken && storage.State.Writer == _writer)
            {
                // A late write may have come between the look and this one: the next look tells.
                isOvertaken = true;
            }
            catch (Exception exception) when (exception is not InconsistentStateException)
            {
                // The storage's own exceptions do not travel.
                if (!IsUnsure) LogNotPersisted(exception);
                IsUnsure = true;
                if (await outage.Pause(tried)) continue;
                LogGivenUp(exception.Message);
                throw new ConfigStorageException();
            }
        }
    }

    // As long as there is none, one may still come, if the database hung with it: this is sure again with the next write that is answered.
    private async Task<bool> HasLateWrite()
    {
        await storage.ReadStateAsync();
        if (storage.Etag == _etag) return false;
        if (storage.State.Writer != _writer) throw new InconsistentStateException("Another activation has written the configuration.");
        Know();
        return true;
    }

    private void Know()
    {
        Begin();
        IsUnsure = false;
        outage.Over();
    }

    [LoggerMessage(4007, LogLevel.Warning, "The configuration could not be persisted; this is tried again for a few seconds.")]
    private partial void LogNotPersisted(Exception exception);

    [LoggerMessage(4011, LogLevel.Warning, "The configuration could not be persisted, and stays as it was: {Message}")]
    private partial void LogGivenUp(string message);
}
