using OrleansRecorder.Configuration;
using static OrleansRecorder.Contracts.Tests.Configuration.Documents;

namespace OrleansRecorder.Contracts.Tests.Configuration;

public sealed class JsonErrorTests
{
    [Theory]
    [InlineData("", "JSON 内容为空")]
    [InlineData(" \n ", "JSON 内容为空")]
    [InlineData("{", "第 1 行第 2 列: JSON 没有写完")]
    [InlineData("{\n  \"a\": 1,\n", "第 3 行第 1 列: JSON 没有写完")]
    [InlineData("{\"a\": \"x", "JSON 没有写完")]
    [InlineData("hello", "第 1 行第 1 列: JSON 格式错误, 此处不应是 'h'")]
    [InlineData("{\n  \"a\": 1,\n  b: 2\n}", "第 3 行第 3 列: JSON 格式错误, 此处不应是 'b'")]
    [InlineData("{\n  \"摄像头\": 1 \"b\": 2\n}", "第 2 行第 12 列: JSON 格式错误, 此处不应是 '\"'")]
    [InlineData("{\"a\": 1,}", "第 1 行第 9 列: JSON 格式错误, 此处不应是 '}'")]
    [InlineData("{\"a\": 1} // note", "第 1 行第 10 列: JSON 格式错误, 此处不应是 '/'")]
    [InlineData("{\"a\": \"x\ny\"}", "第 1 行第 9 列: JSON 格式错误, 此处不应换行")]
    [InlineData("{\"a\": 1}}", "第 1 行第 9 列: JSON 格式错误, 此处不应是 '}'")]
    [InlineData("{\"a\": NaN}", "第 1 行第 7 列: JSON 格式错误, 此处不应是 'N'")]
    [InlineData("{\"a\": \"\\ud800\"}", "第 1 行第 7 列: 字符串中有无效的 Unicode 转义")]
    [InlineData("{\"\\udc00\": 1}", "第 1 行第 2 列: 字符串中有无效的 Unicode 转义")]
    [InlineData("{\n \"a\": 1,\n \"a\": 2,\n \"b\": {\"c\": 1, \"c\": 2}\n}", "第 3 行第 2 列: 字段 a 重复", "第 4 行第 16 列: 字段 c 重复")]
    public void What_is_no_json_is_told_by_line_and_column(string text, params string[] problems)
    {
        var found = Refuse(ConfigDocument.Parse(text));

        Assert.Equal(problems.Length, found.Length);
        Assert.All(problems.Zip(found), p => Assert.EndsWith(p.First, p.Second));
    }

    [Fact]
    public void Json_that_is_nested_too_deeply_is_refused() => Refuse(ConfigDocument.Parse(new string('[', 5000) + new string(']', 5000)));

    [Fact]
    public void A_field_that_occurs_twice_with_the_same_value_is_refused_all_the_same() =>
        Assert.Equal(["第 17 行第 7 列: 字段 weight 重复"], Refuse(ConfigDocument.Parse(Users.Replace("\"weight\": 1.0,", "\"weight\": 1.0,\n      \"weight\": 1.0,"))));

    [Fact]
    public void In_a_file_comments_and_trailing_commas_may_pass()
    {
        var text = Users.Replace("\"weight\": 1.5,", "\"weight\": 1.5, // 更重要").Replace("\"test_stream2.mp4\"", "\"test_stream2.mp4\",").Replace("\"streams\"", "/* 流 */ \"streams\"");

        Assert.Equal(Users, Accept(ConfigDocument.ParseFile(text)).Text);
        Refuse(ConfigDocument.Parse(text));
    }

    [Fact]
    public void In_a_file_a_value_out_of_range_is_told_by_line_and_column()
    {
        var text = Users.Replace("\"poll_cycles\": -1", "\"poll_cycles\": 0").Replace("\"weight\": 1.5", "\"weight\": \"heavy\"").Replace("\"read_timeout_seconds\": 15,", "");

        Assert.Equal(
            ["第 2 行第 20 列: 缺少 read_timeout_seconds", "第 9 行第 20 列: poll_cycles 必须是 -1 (无限循环) 或大于 0", "第 22 行第 17 列: streams[1].weight 必须是数字"],
            Refuse(ConfigDocument.ParseFile(text)));
    }
}
