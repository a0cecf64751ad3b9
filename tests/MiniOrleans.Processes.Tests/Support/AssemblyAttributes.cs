// Detection times are measured: clusters side by side would take the cores from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
