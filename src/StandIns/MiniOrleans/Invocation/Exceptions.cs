namespace Orleans.Runtime
{
    /// <summary>Base of the runtime's exceptions.</summary>
    [GenerateSerializer]
    public class OrleansException : Exception
    {
        /// <summary>Without more.</summary>
        public OrleansException() { }

        /// <summary>With a message.</summary>
        public OrleansException(string message) : base(message) { }

        /// <summary>With a message and a cause.</summary>
        public OrleansException(string message, Exception? innerException) : base(message, innerException) { }
    }

    /// <summary>A message could not be delivered; the call was not made.</summary>
    [GenerateSerializer]
    public class OrleansMessageRejectionException(string message, Exception? innerException = null) : OrleansException(message, innerException);

    /// <summary>The silo that was to answer is gone, or none can be reached.</summary>
    [GenerateSerializer]
    public sealed class SiloUnavailableException(string message, Exception? innerException = null) : OrleansMessageRejectionException(message, innerException);

    /// <summary>The host's configuration cannot work.</summary>
    [GenerateSerializer]
    public sealed class OrleansConfigurationException(string message, Exception? innerException = null) : Exception(message, innerException);

    /// <summary>An enumeration has no iterator behind it any more.</summary>
    [GenerateSerializer]
    public sealed class EnumerationAbortedException(string message) : Exception(message);
}

namespace Orleans.Runtime.Messaging
{
    /// <summary>No connection could be made.</summary>
    [GenerateSerializer]
    public sealed class ConnectionFailedException(string message, Exception? innerException = null) : OrleansException(message, innerException);
}
