using System.Diagnostics;
using System.Text;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>Kills processes of a farm, and starts them again as a supervisor does.</summary>
internal sealed class Killer(TestFarm farm)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Kills, measures how soon the farm serves again, and returns when everything is alive and ready.</summary>
    public async Task<Kill> Do(KillPlan plan)
    {
        await Task.Delay(plan.After);
        return plan.Victim == Victim.PostgreSql ? await KillDatabase(plan) : await Do(await Choose(plan), plan);
    }

    private async Task<FarmProcess> Choose(KillPlan plan)
    {
        if (plan.Victim == Victim.Api) return farm.Apis[plan.Choice % farm.Apis.Count];
        var holder = await farm.HolderOfTheCycle();
        if (plan.Victim == Victim.CycleHolder) return holder;
        var others = farm.Silos.Where(silo => silo != holder).ToArray();
        return others[plan.Choice % others.Length];
    }

    private async Task<Kill> Do(FarmProcess victim, KillPlan plan)
    {
        var clock = Stopwatch.StartNew();
        await victim.Kill();
        var at = DateTimeOffset.UtcNow;
        var restart = Restart(victim, plan.Down);
        await UntilServed(HttpMethod.Get, "/api/tasks");
        var service = clock.Elapsed;
        await restart;
        return new Kill(plan.Victim, victim.Name, at, service);
    }

    private static async Task Restart(FarmProcess process, TimeSpan down)
    {
        await Task.Delay(down);
        await process.Start();
    }

    private async Task<Kill> KillDatabase(KillPlan plan)
    {
        await farm.Database.Kill();
        var at = DateTimeOffset.UtcNow;
        await Task.Delay(plan.Down);
        await farm.Database.Start();
        var clock = Stopwatch.StartNew();
        await UntilServed(HttpMethod.Put, "/api/config/global");
        return new Kill(plan.Victim, "postgres", at, clock.Elapsed);
    }

    // As an impatient user would: again whenever it fails.
    private async Task UntilServed(HttpMethod method, string path)
    {
        var last = "nothing";
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(Pause))
        {
            try
            {
                using var request = new HttpRequestMessage(method, path);
                if (method == HttpMethod.Put) request.Content = new StringContent("""{"report_filename": "rtsp_report.json"}""", Encoding.UTF8, "application/json");
                using var answer = await farm.Http.Client.SendAsync(request);
                if (answer.IsSuccessStatusCode) return;
                last = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }
        }

        throw new TimeoutException($"{method} {path} was not served within {Patience.TotalSeconds} s: {last}");
    }
}
