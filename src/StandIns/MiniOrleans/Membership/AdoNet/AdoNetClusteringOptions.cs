using System.Data.Common;

namespace Orleans.Configuration;

/// <summary>Membership of silos in a relational database whose tables and statements the application has made.</summary>
public class AdoNetClusteringSiloOptions
{
    /// <summary>The driver: <c>Npgsql</c>.</summary>
    public string Invariant { get; set; } = "";

    /// <summary>The database; exactly one of this and <see cref="DataSource"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The database; exactly one of this and <see cref="ConnectionString"/>. Stays its owner's.</summary>
    public DbDataSource? DataSource { get; set; }
}

/// <summary>Where a client finds gateways: the silos' membership in a relational database.</summary>
public class AdoNetClusteringClientOptions
{
    /// <summary>The driver: <c>Npgsql</c>.</summary>
    public string Invariant { get; set; } = "";

    /// <summary>The database; exactly one of this and <see cref="DataSource"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The database; exactly one of this and <see cref="ConnectionString"/>. Stays its owner's.</summary>
    public DbDataSource? DataSource { get; set; }
}
