using System.Text.RegularExpressions;

namespace OrleansRecorder.EndToEnd.Tests.Repository;

public sealed partial class DocumentTests
{
    private static readonly string Root = FindRoot();

    private static readonly string[] AllPages = [.. Directory.GetFiles(Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))];

    public static TheoryData<string> Pages => [.. AllPages.Select(p => Path.GetRelativePath(Root, p))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page)
    {
        var path = Path.Combine(Root, page);
        var broken = Link().Matches(File.ReadAllText(path)).Select(m => m.Groups[1].Value)
            .Where(target => !target.StartsWith("http", StringComparison.Ordinal) && !target.StartsWith('#'))
            .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target.Split('#')[0])));

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_page_of_the_documentation_is_linked_from_the_readme_or_another_page()
    {
        var linked = AllPages.SelectMany(page => Link().Matches(File.ReadAllText(page))
            .Select(m => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, m.Groups[1].Value.Split('#')[0])))).ToHashSet();

        Assert.All(AllPages.Where(page => Path.GetFileName(page) != "README.md"), page => Assert.Contains(page, linked));
    }

    [Fact]
    public void Every_pinned_package_has_its_reason_in_the_page_on_dependencies()
    {
        var pinned = PackageVersion().Matches(File.ReadAllText(Path.Combine(Root, "Directory.Packages.props"))).Select(m => m.Groups[1].Value);
        var page = File.ReadAllText(Path.Combine(Root, "docs", "dependencies.md"));

        Assert.All(pinned.Where(id => !id.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal)), id => Assert.Contains(id, page));
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansRecorder.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex PackageVersion();
}
