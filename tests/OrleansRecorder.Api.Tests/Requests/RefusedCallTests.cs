using System.Net;

namespace OrleansRecorder.Api.Requests;

/// <summary>Calls that the silos refuse, as they do while the directory of grains is away, and changes that are held.</summary>
public sealed class RefusedCallTests
{
    private const int MostChanges = 256;

    [Fact]
    public async Task A_read_that_is_refused_for_a_while_is_held_until_it_is_taken()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Refusals = 3;

        Assert.Equal(HttpStatusCode.OK, await Status(api, HttpMethod.Get, "/api/tasks"));
        Assert.Equal(1, api.Cycle.Looks);
    }

    [Fact]
    public async Task A_change_that_is_refused_for_a_while_is_held_until_it_is_taken_and_made_once()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Refusals = 3;

        Assert.Equal(HttpStatusCode.OK, await Status(api, HttpMethod.Post, "/api/scheduler/start"));
        Assert.Equal(1, api.Cycle.Changes);
    }

    [Fact]
    public async Task A_call_that_is_refused_for_longer_is_503_when_the_deadline_is_over()
    {
        await using var api = await TestApi.Start(configure: options => options.CallDeadline = options.ChangeDeadline = TimeSpan.FromSeconds(1));
        api.Cycle.Refusals = int.MaxValue;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(api, HttpMethod.Get, "/api/tasks"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(api, HttpMethod.Post, "/api/scheduler/start"));
    }

    [Fact]
    public async Task More_changes_than_the_bound_are_503_at_once_while_the_others_are_held_and_reads_are_served()
    {
        await using var api = await TestApi.Start(configure: options => options.ChangeDeadline = TimeSpan.FromMinutes(1));
        var held = new TaskCompletionSource();
        api.Cycle.Held = held.Task;
        var changes = Enumerable.Range(0, MostChanges + 1).Select(_ => Status(api, HttpMethod.Post, "/api/scheduler/start")).ToArray();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await await Task.WhenAny(changes));
        Assert.Equal(HttpStatusCode.OK, await Status(api, HttpMethod.Get, "/api/tasks"));
        held.SetResult();

        Assert.Equal(1, (await Task.WhenAll(changes)).Count(status => status == HttpStatusCode.ServiceUnavailable));
        Assert.Equal(HttpStatusCode.OK, await Status(api, HttpMethod.Post, "/api/scheduler/stop"));
    }

    private static async Task<HttpStatusCode> Status(TestApi api, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await api.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
