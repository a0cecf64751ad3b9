using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>What <c>scripts/install.sh</c> takes for installed, with the PATH that Debian gives to ordinary users.</summary>
public sealed class InstallTests
{
    private const string OrdinaryPath = "PATH=/usr/local/bin:/usr/bin:/bin";

    [Fact]
    public async Task Ordinary_users_have_the_libraries_that_are_installed_and_only_those()
    {
        Assert.Equal(0, await ExitCodeOf("has_library libc.so.6"));
        Assert.Equal(1, await ExitCodeOf("has_library libnobody.so.1"));
    }

    [Fact]
    public async Task A_program_in_the_folder_of_administrators_is_found() => Assert.Equal(0, await ExitCodeOf("command -v ldconfig"));

    private static async Task<int> ExitCodeOf(string command) =>
        (await Shell.Run("/usr/bin/env", OrdinaryPath, "/bin/bash", "-c", $"set -euo pipefail; source '{Checkout.At("scripts", "install.sh")}'; {command}")).ExitCode;
}
