using Orleans.Concurrency;

namespace Orleans.Placement
{
    /// <summary>Base of attributes that say where activations of a class go.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public abstract class PlacementAttribute : Attribute
    {
        /// <summary>With its rule.</summary>
        protected PlacementAttribute(PlacementStrategy placement) => PlacementStrategy = placement;

        /// <summary>The rule.</summary>
        public PlacementStrategy PlacementStrategy { get; }
    }

    /// <summary>On the calling silo.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class PreferLocalPlacementAttribute() : PlacementAttribute(new PreferLocalPlacement());

    /// <summary>Anywhere.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class RandomPlacementAttribute() : PlacementAttribute(new RandomPlacement());
}

namespace Orleans.Concurrency
{
    /// <summary>Several activations a silo, always on the caller's; for classes without state of their own.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class StatelessWorkerAttribute : Placement.PlacementAttribute
    {
        /// <summary>As many as the machine has cores.</summary>
        public StatelessWorkerAttribute() : this(Environment.ProcessorCount) { }

        /// <summary>At most so many a silo.</summary>
        public StatelessWorkerAttribute(int maxLocalWorkers) : base(new StatelessWorkerPlacement(maxLocalWorkers)) { }
    }
}
