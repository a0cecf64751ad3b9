namespace Orleans.Runtime;

/// <summary>Whatever a grain reference can stand for.</summary>
public interface IAddressable;
