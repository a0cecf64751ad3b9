namespace Orleans.Configuration;

/// <summary>The silo itself.</summary>
public class SiloOptions
{
    /// <summary>Default: <c>Silo_</c> and five hexadecimal digits.</summary>
    public string? SiloName { get; set; }
}
