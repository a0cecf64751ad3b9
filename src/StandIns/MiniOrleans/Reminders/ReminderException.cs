namespace Orleans.Runtime;

/// <summary>A reminder cannot be changed as asked.</summary>
[GenerateSerializer]
public sealed class ReminderException(string message) : OrleansException(message);
