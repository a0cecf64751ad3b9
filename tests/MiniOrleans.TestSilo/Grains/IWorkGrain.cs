namespace MiniOrleans.TestSilo.Grains;

/// <summary>Does what tests ask; anywhere.</summary>
[Alias("test.IWorkGrain")]
public interface IWorkGrain : IGrainWithStringKey
{
    /// <summary>Counts in memory; the new count.</summary>
    [Alias("Add")] Task<int> Add();

    /// <summary>Which activation answers.</summary>
    [Alias("Activation")] Task<Guid> Activation();

    /// <summary>Where it is.</summary>
    [Alias("Silo")] Task<string> Silo();

    /// <summary>Answers after a while, with where it is.</summary>
    [Alias("Sleep")] Task<string> Sleep(TimeSpan time);

    /// <summary>Stores a text.</summary>
    [Alias("Store")] Task Store(string text);

    /// <summary>The stored text.</summary>
    [Alias("Load")] Task<string?> Load();
}

/// <summary>The same, on the silo that the key names.</summary>
[Alias("test.INamedWorkGrain")]
public interface INamedWorkGrain : IGrainWithStringKey
{
    /// <summary>Where it is.</summary>
    [Alias("Silo")] Task<string> Silo();

    /// <summary>Answers after a while.</summary>
    [Alias("Sleep")] Task Sleep(TimeSpan time);

    /// <summary>Calls a grain, and says how that went: its answer, or the type of the exception, and how long it took.</summary>
    [Alias("CallSleep")] Task<CallOutcome> CallSleep(string namedGrain, TimeSpan time);

    /// <summary>Which activation answers, called from here.</summary>
    [Alias("ActivationOf")] Task<Guid> ActivationOf(string workGrain);

    /// <summary>The members as this silo knows them: name to status, the latest life of each.</summary>
    [Alias("Members")] Task<Dictionary<string, SiloStatus>> Members();

    /// <summary>The zone of a silo as this one knows it; null for none.</summary>
    [Alias("ZoneOf")] Task<string?> ZoneOf(string silo);
}

/// <summary>How a call went.</summary>
[GenerateSerializer, Alias("test.CallOutcome")]
public sealed record CallOutcome([property: Id(0)] string? Failure, [property: Id(1)] TimeSpan Took);

/// <summary>Has a reminder.</summary>
[Alias("test.IRemindedGrain")]
public interface IRemindedGrain : IGrainWithStringKey
{
    /// <summary>Registers it.</summary>
    [Alias("Register")] Task Register(TimeSpan due, TimeSpan period);

    /// <summary>Where it is.</summary>
    [Alias("Silo")] Task<string> Silo();
}
