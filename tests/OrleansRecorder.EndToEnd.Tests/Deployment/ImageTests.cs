using System.Text.RegularExpressions;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

public sealed partial class ImageTests
{
    private static readonly string Dockerfile = Checkout.Read("deploy", "docker", "Dockerfile");

    [Fact]
    public void Every_project_that_the_program_is_made_of_is_there_when_packages_are_restored()
    {
        var wanted = Directory.GetFiles(Checkout.At("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Checkout.Root, p)).Where(p => !p.StartsWith("src/StandIns/", StringComparison.Ordinal));

        Assert.Equal(wanted.Order(), CopiedProject().Matches(Dockerfile).Select(m => m.Groups[1].Value).Order());
    }

    [Fact]
    public void Everything_that_is_copied_exists_and_is_sent_to_the_engine()
    {
        var sent = Checkout.Read(".dockerignore").Split('\n').Where(l => l.StartsWith('!')).Select(l => l[1..]).ToList();
        var copied = Instruction("COPY").Where(l => !l.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => !w.StartsWith("--", StringComparison.Ordinal)).SkipLast(1));

        Assert.All(copied, path =>
        {
            Assert.True(Path.Exists(Checkout.At(path)), $"{path} does not exist");
            Assert.Contains(sent, s => path == s || (s.EndsWith('/') && path.StartsWith(s, StringComparison.Ordinal)));
        });
    }

    [Fact]
    public void Everything_that_projects_embed_from_elsewhere_is_copied()
    {
        var copied = Instruction("COPY").SelectMany(l => l.Split(' ')).Where(w => w.EndsWith('/')).ToList();
        var embedded = Directory.GetFiles(Checkout.At("src"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(p => EmbeddedFile().Matches(File.ReadAllText(p)).Select(m => m.Groups[1].Value)).ToList();

        Assert.NotEmpty(embedded);
        Assert.All(embedded, file => Assert.Contains(copied, folder => file.StartsWith(folder, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_image_holds_the_libraries_that_the_front_door_installs()
    {
        var installed = Library().Matches(Checkout.Read("scripts", "install.sh")).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(5, installed.Count);
        Assert.All(installed, library => Assert.Contains(library, Dockerfile, StringComparison.Ordinal));
    }

    [Fact]
    public void Base_images_are_pinned_and_every_stage_that_runs_ends_without_root()
    {
        Assert.All(Instruction("ARG").Where(a => a.Contains("_IMAGE=", StringComparison.Ordinal)), image => Assert.Matches(@":\d+\.\d+[\w.-]*$", image));
        Assert.All(Instruction("FROM"), from => Assert.Matches(@"^(\$\{\w+_IMAGE\}|recorder)( AS \w+)?$", from));
        Assert.All(Stage().Split(Dockerfile).Where(s => s.Contains("USER ", StringComparison.Ordinal)), stage => Assert.Equal("10001:10001", LastUser(stage)));
        Assert.Contains(Instruction("HEALTHCHECK"), h => h.Contains("health", StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_built_from_the_real_packages() =>
        Assert.All(Instruction("RUN").Where(r => r.StartsWith("dotnet ", StringComparison.Ordinal)), run => Assert.Contains("-p:StandIns=false", run, StringComparison.Ordinal));

    private static string LastUser(string stage) => stage.Split('\n').Last(l => l.StartsWith("USER ", StringComparison.Ordinal))[5..].Trim();

    private static IEnumerable<string> Instruction(string name) =>
        Dockerfile.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(l => l.StartsWith(name + " ", StringComparison.Ordinal)).Select(l => l[(name.Length + 1)..].Trim());

    [GeneratedRegex(@"^COPY (src/\S+\.csproj) ", RegexOptions.Multiline)]
    private static partial Regex CopiedProject();

    // Include="../../sql/x;../../deploy/y" of an EmbeddedResource.
    [GeneratedRegex(@"(?<=EmbeddedResource Include=""[^""]*)\.\./\.\./([^"";]+)")]
    private static partial Regex EmbeddedFile();

    [GeneratedRegex(@"\.so\.\d+=(lib\w+)")]
    private static partial Regex Library();

    [GeneratedRegex("^(?=FROM )", RegexOptions.Multiline)]
    private static partial Regex Stage();
}
