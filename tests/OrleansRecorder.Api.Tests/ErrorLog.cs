using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Api;

/// <summary>Hears what is logged as an error, by whomever.</summary>
internal sealed class ErrorLog(Action<string> hears) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) hears($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
