namespace Orleans.Runtime;

/// <summary>Shares the hashes of grains out among the living silos.</summary>
internal static class ReminderRing
{
    /// <summary>The silo at the first place at or after the hash, around the end of the ring if need be.</summary>
    public static SiloAddress? OwnerOf(uint hash, IEnumerable<SiloAddress> silos)
    {
        var ring = Ring(silos);
        return ring.Count == 0 ? null : ring.FirstOrDefault(place => place.Hash >= hash, ring[0]).Silo;
    }

    /// <summary>What a silo owns: above Begin, up to End; everything when both are equal.</summary>
    public static (uint Begin, uint End)? RangeOf(SiloAddress silo, IEnumerable<SiloAddress> silos)
    {
        var ring = Ring(silos);
        var index = ring.FindIndex(place => place.Silo.Equals(silo));
        return index < 0 ? null : (ring[(index + ring.Count - 1) % ring.Count].Hash, ring[index].Hash);
    }

    public static bool IsInRange(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : begin == end || hash > begin || hash <= end;

    private static List<(uint Hash, SiloAddress Silo)> Ring(IEnumerable<SiloAddress> silos) =>
        [.. silos.Select(silo => (Hash: silo.GetUniformHashCode(), Silo: silo)).OrderBy(place => place.Hash).ThenBy(place => place.Silo)];
}
