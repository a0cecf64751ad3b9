namespace MiniOrleans.TestSilo;

/// <summary>What a test says of a silo on its command line, as <c>name=value</c>.</summary>
public sealed record SiloSettings(string Name, int SiloPort, int GatewayPort, string ClusterId, string Database, string Secret)
{
    /// <summary>From a command line.</summary>
    public static SiloSettings Read(string[] arguments)
    {
        var values = arguments.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new(values["name"], int.Parse(values["silo"]), int.Parse(values["gateway"]), values["cluster"], values["database"], values["secret"]);
    }

    /// <summary>For a command line.</summary>
    public string[] ToArguments() => [$"name={Name}", $"silo={SiloPort}", $"gateway={GatewayPort}", $"cluster={ClusterId}", $"database={Database}", $"secret={Secret}"];
}
