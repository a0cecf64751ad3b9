using System.Runtime.Versioning;
using System.Text;
using OrleansRecorder.Configuration;
using OrleansRecorder.Testing;
using static OrleansRecorder.Contracts.Tests.Configuration.Documents;

namespace OrleansRecorder.Contracts.Tests.Configuration;

[SupportedOSPlatform("linux")]
public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ConfigFileTests()
    {
        Directory.CreateDirectory(_folder["conf"]);
        _path = _folder["conf", "config.json"];
    }

    private ConfigFile Stored => new(_path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_document_is_read_back_as_it_was()
    {
        var saved = Stored.Save(Valid);
        var loaded = Stored.Load();

        Assert.Equal((_path, _path), (saved.FilePath, loaded.FilePath));
        Assert.Equal(Valid.Text, Accept(loaded).Text);
    }

    [Fact]
    public void Only_the_owner_may_read_a_saved_file_also_when_everyone_could_before()
    {
        File.WriteAllText(_path, Users);
        File.SetUnixFileMode(_path, (UnixFileMode)0b110_100_100);

        Accept(Stored.Save(Valid));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [Fact]
    public void A_save_replaces_the_file_and_leaves_nothing_beside_it_not_even_what_a_crash_left()
    {
        File.WriteAllText(_path, Users);
        File.WriteAllText(_folder["conf", ".config.json.saving"], "half");
        using var reader = File.OpenText(_path);

        Accept(Stored.Save(Accept(Valid.WithGlobal("""{"poll_cycles": 7}"""))));

        // Who has the old file open reads it whole: it was replaced, not overwritten.
        Assert.Equal(Users, reader.ReadToEnd());
        Assert.Equal([_path], Directory.GetFileSystemEntries(_folder["conf"]));
        Assert.Equal(7, Accept(Stored.Load()).Config.Global.PollCycles);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it()
    {
        Directory.CreateDirectory(_path);

        var edit = Stored.Save(Valid);

        Assert.Equal(ConfigResult.Failed, edit.Result);
        Assert.Equal([_path], Directory.GetFileSystemEntries(_folder["conf"]));
    }

    [Fact]
    public void A_file_that_is_a_symbolic_link_stays_one_and_its_target_is_written()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(_folder["elsewhere", "real.json"], Users);
        File.CreateSymbolicLink(_path, "../elsewhere/real.json");

        Accept(Stored.Save(Accept(Valid.WithGlobal("""{"poll_cycles": 7}"""))));

        Assert.Equal("../elsewhere/real.json", new FileInfo(_path).LinkTarget);
        Assert.Contains("\"poll_cycles\": 7", File.ReadAllText(_folder["elsewhere", "real.json"]));
    }

    [Theory]
    [InlineData("backup.json")]
    [InlineData("./backup.json")]
    [InlineData("sub/backup.json")]
    [InlineData("sub/../备份.json")]
    [InlineData("inside/backup.json")]
    [InlineData("config.json")]
    public void A_document_may_be_saved_under_another_name_in_the_configuration_directory(string other)
    {
        Directory.CreateDirectory(_folder["conf", "sub"]);
        Directory.CreateSymbolicLink(_folder["conf", "inside"], "sub");

        var edit = Stored.Save(Valid, other);

        Accept(edit);
        Assert.Equal(other, edit.FilePath);
        Assert.Equal(Valid.Text, File.ReadAllText(_folder["conf", other]));
    }

    [Fact]
    public void An_absolute_path_in_the_configuration_directory_is_accepted_and_so_is_the_name_that_the_answers_show()
    {
        Accept(Stored.Save(Valid, _folder["conf", "backup.json"]));
        Accept(Stored.Save(Valid, _path));
        Accept(Stored.Save(Valid, ""));

        Assert.Equal(["backup.json", "config.json"], Directory.GetFiles(_folder["conf"]).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("../outside.json")]
    [InlineData("sub/../../outside.json")]
    [InlineData("/tmp/outside.json")]
    [InlineData("link/outside.json")]
    [InlineData("link.json")]
    [InlineData("loop/outside.json")]
    [InlineData("../conf-other/outside.json")]
    public void A_path_that_leaves_the_configuration_directory_is_forbidden_and_nothing_is_written(string other)
    {
        Directory.CreateDirectory(_folder["out"]);
        Directory.CreateDirectory(_folder["conf-other"]);
        Directory.CreateSymbolicLink(_folder["conf", "link"], _folder["out"]);
        File.CreateSymbolicLink(_folder["conf", "link.json"], _folder["out", "target.json"]);
        Directory.CreateSymbolicLink(_folder["conf", "loop"], "loop2");
        Directory.CreateSymbolicLink(_folder["conf", "loop2"], "../out");

        var edit = Stored.Save(Valid, other);

        Assert.Equal([$"{other}: file_path 不在配置目录内"], Refuse(edit, ConfigResult.Forbidden));
        Assert.Empty(Directory.GetFiles(_folder["out"]));
        Assert.False(File.Exists(_folder["outside.json"]));
    }

    [Theory]
    [InlineData("recorder.db", "file_path 必须以 .json 结尾")]
    [InlineData("sub/", "file_path 必须以 .json 结尾")]
    [InlineData("a\0.json", "file_path 不能包含控制字符")]
    public void A_name_that_is_no_json_file_is_refused(string other, string problem) => Assert.Equal([$"{other}: {problem}"], Refuse(Stored.Save(Valid, other)));

    [Fact]
    public void A_file_that_is_no_configuration_is_not_overwritten()
    {
        File.WriteAllText(_folder["conf", "appsettings.json"], "{}");

        Assert.Equal(["appsettings.json: 该文件已存在且不是配置文件, 不会覆盖"], Refuse(Stored.Save(Valid, "appsettings.json"), ConfigResult.Forbidden));
        Assert.Equal("{}", File.ReadAllText(_folder["conf", "appsettings.json"]));
    }

    [Fact]
    public void A_directory_that_is_not_there_and_links_in_a_circle_are_told()
    {
        Directory.CreateSymbolicLink(_folder["conf", "a"], "b");
        Directory.CreateSymbolicLink(_folder["conf", "b"], "a");

        Assert.Equal(["no/such.json: 文件或目录不存在"], Refuse(Stored.Save(Valid, "no/such.json"), ConfigResult.FileNotFound));
        Assert.StartsWith("a/x.json: 无法写入", Refuse(Stored.Save(Valid, "a/x.json"), ConfigResult.Failed).Single());
    }

    [Fact]
    public void A_file_that_is_not_there_is_told() => Assert.Equal([$"{_path}: 文件或目录不存在"], Refuse(Stored.Load(), ConfigResult.FileNotFound));

    [Fact]
    public void A_directory_in_its_place_is_told()
    {
        Directory.CreateDirectory(_path);

        Assert.Equal([$"{_path}: 这是一个目录"], Refuse(Stored.Load(), ConfigResult.Failed));
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        File.WriteAllText(_path, Users, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal(Users, Accept(Stored.Load()).Text);
    }

    [Fact]
    public void What_is_not_utf8_is_told_by_line_and_column()
    {
        File.WriteAllBytes(_path, [.. "{\n  \"备注\": \""u8, 0xC4, 0xE3, .. "\"\n}"u8]);
        Assert.Equal([$"{_path}: 第 2 行第 10 列: 文件不是 UTF-8 编码"], Refuse(Stored.Load()));

        File.WriteAllText(_path, Users, Encoding.Unicode);
        Assert.Equal([$"{_path}: 第 1 行第 1 列: 文件不是 UTF-8 编码"], Refuse(Stored.Load()));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_before_it_is_read_whole()
    {
        using (var file = File.Create(_path)) file.SetLength(1L << 40);

        Assert.Equal([$"{_path}: 文件超过 16 MB"], Refuse(Stored.Load()));
    }

    [Fact]
    public void A_broken_file_is_told_with_its_name_line_and_column_and_stays_untouched()
    {
        File.WriteAllText(_path, "{\n  \"global_config\": {\n    oops\n");

        var edit = Stored.Load();

        Assert.Equal([$"{_path}: 第 3 行第 5 列: JSON 格式错误, 此处不应是 'o'"], Refuse(edit));
        Assert.Equal($"{_path}: line 3, column 5: not valid JSON, 'o' is unexpected here", edit.Problems[0].English);
        Assert.Equal("{\n  \"global_config\": {\n    oops\n", File.ReadAllText(_path));
    }

    [Fact]
    public void An_empty_file_is_told()
    {
        File.WriteAllText(_path, "");

        Assert.Equal([$"{_path}: JSON 内容为空"], Refuse(Stored.Load()));
    }
}
