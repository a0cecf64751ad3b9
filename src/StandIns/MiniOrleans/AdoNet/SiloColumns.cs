using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net;

namespace Orleans.AdoNet;

/// <summary>A silo's address as the tables' columns hold it.</summary>
internal static class SiloColumns
{
    public static AdoNetParameter[] Of(SiloAddress silo) =>
    [
        new("Address", DbType.AnsiString, silo.Endpoint.Address.ToString()),
        new("Port", DbType.Int32, silo.Endpoint.Port),
        new("Generation", DbType.Int32, silo.Generation),
    ];

    public static SiloAddress Read(DbDataReader row) =>
        SiloAddress.New(IPAddress.Parse((string)row["Address"]), Number(row, "Port"), Number(row, "Generation"));

    public static int Number(DbDataReader row, string column) => Convert.ToInt32(row[column], CultureInfo.InvariantCulture);
}
