using OrleansRecorder.Testing;
using Xunit.Abstractions;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>That the manifests fit together, and fit the API's schemas.</summary>
public sealed class KubernetesTests(ITestOutputHelper output)
{
    private const string NameLabel = "app.kubernetes.io/name";

    private static readonly string Folder = Checkout.At("deploy", "kubernetes");

    private static readonly IReadOnlyList<string> Resources = [.. Yaml.Load(Path.Combine(Folder, "kustomization.yaml")).Single()["resources"].Texts.Select(t => t!)];

    private static readonly IReadOnlyList<Yaml> Manifests = [.. Resources.SelectMany(file => Yaml.Load(Path.Combine(Folder, file)))];

    private static readonly IReadOnlyDictionary<string, Yaml> Pods = Manifests.Where(m => m["spec.template.spec"].Exists).ToDictionary(Name, m => m["spec.template"]);

    public static TheoryData<string> Workloads => [.. Pods.Keys];

    [Fact]
    public async Task Every_manifest_fits_the_schemas_of_the_API()
    {
        Assert.Equal(Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)).Where(f => f != "kustomization.yaml").Order(), Resources.Order());
        if (Checkout.Program("npm") is null || Checkout.Program("node") is null)
        {
            output.WriteLine("npm is not on this machine: the manifests were checked by the other tests here alone, not against the schemas");
            return;
        }

        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "check"))) File.Copy(file, folder[Path.GetFileName(file)]);
        var installed = await Shell.Run("/bin/bash", "-c", $"cd '{folder.Path}' && timeout 50 npm ci --no-audit --no-fund --loglevel=error");
        if (installed.ExitCode != 0)
        {
            output.WriteLine($"npm could not get the schemas, so the manifests were checked by the other tests here alone: {installed.Errors}");
            return;
        }

        await Checkout.MustSucceed(folder.Path, $"node check.mjs {string.Join(' ', Resources.Select(r => $"'{Path.Combine(Folder, r)}'"))}");
    }

    [Fact]
    public async Task Kustomize_puts_them_together()
    {
        if (Checkout.Program("kubectl") is null)
        {
            output.WriteLine("kubectl is not on this machine: that every file and every ConfigMap of the kustomization exists was checked by the other tests");
            return;
        }

        await Checkout.MustSucceed(Folder, "kubectl kustomize . > /dev/null");
    }

    [Fact]
    public void Every_selector_selects_pods_that_exist()
    {
        var selectors = Manifests.SelectMany(m => new[] { Kind(m) == "Service" ? m["spec.selector"] : m["spec.selector.matchLabels"], m["spec.podSelector.matchLabels"] })
            .Concat(Policies.SelectMany(Peers).Select(p => p["podSelector.matchLabels"]))
            .Where(s => s.Exists).Select(s => s.Entries[NameLabel].Text)
            .Concat(Policies.SelectMany(Peers).SelectMany(p => p["podSelector.matchExpressions"].Items).SelectMany(e => e["values"].Texts)).ToList();

        Assert.True(selectors.Count > 10);
        Assert.All(selectors, name => Assert.Contains(name!, Pods.Keys));
        Assert.All(Pods, pod => Assert.Equal(pod.Key, Labels(pod.Value).GetValueOrDefault(NameLabel)?.Text));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_workload_selects_its_own_pods_and_its_probes_ask_ports_that_it_has(string name)
    {
        var manifest = Manifests.Single(m => Name(m) == name && m["spec.template.spec"].Exists);
        if (manifest["spec.selector"].Exists) Assert.Equal(name, manifest["spec.selector.matchLabels"].Entries[NameLabel].Text);
        if (manifest["spec.serviceName"].Text is { } service) Assert.Contains(Manifests, m => Kind(m) == "Service" && Name(m) == service);

        foreach (var container in Containers(Pods[name]))
        {
            var ports = container["ports"].Items.Select(p => p["name"].Text).ToList();
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(p => container[p + ".httpGet"]).Where(p => p.Exists))
            {
                Assert.Contains(probe["port"].Text, ports);
                Assert.Contains(probe["path"].Text, new[] { "/healthz", "/readyz" });
            }

            var variables = container["env"].Items.Where(e => e["value"].Exists).ToDictionary(e => e["name"].Text!, e => e["value"].Text);
            foreach (var (variable, port) in new[] { ("RECORDER_Silo__Port", "silo"), ("RECORDER_Silo__GatewayPort", "gateway"), ("RECORDER_Health__Port", "health"), ("RECORDER_Api__Port", "http") })
            {
                if (variables.TryGetValue(variable, out var number))
                    Assert.Equal(number, container["ports"].Items.Single(p => p["name"].Text == port)["containerPort"].Text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_workload_is_hardened_pinned_and_mounts_only_volumes_that_it_has(string name)
    {
        var pod = Pods[name];
        Assert.Equal("true", pod["spec.securityContext.runAsNonRoot"].Text);
        Assert.Equal("RuntimeDefault", pod["spec.securityContext.seccompProfile.type"].Text);
        Assert.Equal("false", pod["spec.automountServiceAccountToken"].Text);
        var manifest = Manifests.Single(m => Name(m) == name && m["spec.template.spec"].Exists);
        var volumes = pod["spec.volumes"].Items.Select(v => v["name"].Text).Concat(manifest["spec.volumeClaimTemplates"].Items.Select(v => v["metadata.name"].Text)).ToList();
        var pinned = Yaml.Load(Path.Combine(Folder, "kustomization.yaml")).Single()["images"].Items.Where(i => i["newTag"].Exists).Select(i => i["name"].Text).ToList();

        foreach (var container in Containers(pod))
        {
            Assert.Equal("false", container["securityContext.allowPrivilegeEscalation"].Text);
            Assert.Equal("true", container["securityContext.readOnlyRootFilesystem"].Text);
            Assert.Equal(["ALL"], container["securityContext.capabilities.drop"].Texts);
            Assert.True(container["resources.requests.memory"].Exists && container["resources.limits.memory"].Exists, "no bound for memory");
            if (!pinned.Contains(container["image"].Text)) Assert.Matches(@":\d+\.\d+[\w.-]*$", container["image"].Text);
            Assert.All(container["volumeMounts"].Items, mount => Assert.Contains(mount["name"].Text, volumes));
            Assert.All(container["envFrom"].Items, from => Assert.Equal("recorder-settings", from["configMapRef.name"].Text));
        }
    }

    [Fact]
    public void Every_port_of_a_service_and_of_a_network_policy_is_one_that_the_pods_have()
    {
        foreach (var service in Manifests.Where(m => Kind(m) == "Service"))
            Assert.All(service["spec.ports"].Items, port => Assert.Contains(port["targetPort"].Text, PortsOf(service["spec.selector"].Entries[NameLabel].Text!)));

        foreach (var policy in Policies)
        {
            foreach (var rule in policy["spec.ingress"].Items)
                Assert.All(rule["ports"].Items, port => Assert.Contains(port["port"].Text, PortsOf(policy["spec.podSelector.matchLabels"].Entries[NameLabel].Text!)));
            foreach (var rule in policy["spec.egress"].Items.Where(r => r["to"].Items.Any(t => t["podSelector"].Exists)))
                Assert.All(rule["ports"].Items, port => Assert.Contains(port["port"].Text, rule["to"].Items.SelectMany(t => PortsOf(t["podSelector.matchLabels"].Entries[NameLabel].Text!))));
        }
    }

    [Fact]
    public void Nobody_reaches_a_pod_unless_a_policy_says_so_and_the_policies_let_in_exactly_who_needs_it()
    {
        var nobody = Policies.Single(p => Name(p) == "nobody");
        Assert.True(nobody["spec.podSelector"].Exists && nobody["spec.podSelector"].Entries.Count == 0);
        Assert.Equal(["Ingress", "Egress"], nobody["spec.policyTypes"].Texts);

        // The health port is for the kubelet, which no policy holds back.
        Assert.Equal(
            ["recorder-api:http<-ingress-nginx", "recorder-postgres:postgres<-recorder-api", "recorder-postgres:postgres<-recorder-db-init", "recorder-postgres:postgres<-recorder-silo",
                "recorder-silo:gateway<-recorder-api", "recorder-silo:gateway<-recorder-silo", "recorder-silo:silo<-recorder-silo"],
            Policies.SelectMany(Admissions).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Budgets_autoscaler_and_ingress_point_to_what_exists()
    {
        Assert.Equal(["recorder-api", "recorder-silo"], Manifests.Where(m => Kind(m) == "PodDisruptionBudget").Select(m => m["spec.selector.matchLabels"].Entries[NameLabel].Text).Order());
        var scaled = Manifests.Single(m => Kind(m) == "HorizontalPodAutoscaler")["spec.scaleTargetRef"];
        Assert.Contains(Manifests, m => Kind(m) == scaled["kind"].Text && Name(m) == scaled["name"].Text && !m["spec.replicas"].Exists);
        foreach (var backend in Manifests.Where(m => Kind(m) == "Ingress").SelectMany(m => m["spec.rules"].Items).SelectMany(r => r["http.paths"].Items).Select(p => p["backend.service"]))
        {
            var service = Manifests.Single(m => Kind(m) == "Service" && Name(m) == backend["name"].Text);
            Assert.Contains(backend["port.name"].Text, service["spec.ports"].Items.Select(p => p["name"].Text));
        }
    }

    [Theory]
    [InlineData("recorder-silo")]
    [InlineData("recorder-api")]
    public void A_process_has_time_to_end_before_it_is_killed(string name)
    {
        var limit = File.ReadLines(Path.Combine(Folder, "settings.env")).Single(l => l.StartsWith("RECORDER_Shutdown__LimitSeconds=", StringComparison.Ordinal)).Split('=')[1];

        Assert.True(int.Parse(Pods[name]["spec.terminationGracePeriodSeconds"].Text!, null) > int.Parse(limit, null) + 5);
    }

    private static IEnumerable<Yaml> Policies => Manifests.Where(m => Kind(m) == "NetworkPolicy");

    private static string Kind(Yaml manifest) => manifest["kind"].Text!;

    private static string Name(Yaml manifest) => manifest["metadata.name"].Text!;

    private static IReadOnlyDictionary<string, Yaml> Labels(Yaml pod) => pod["metadata.labels"].Entries;

    private static IEnumerable<Yaml> Containers(Yaml pod) => pod["spec.containers"].Items.Concat(pod["spec.initContainers"].Items);

    private static IEnumerable<Yaml> Peers(Yaml policy) =>
        policy["spec.ingress"].Items.SelectMany(r => r["from"].Items).Concat(policy["spec.egress"].Items.SelectMany(r => r["to"].Items));

    private static IEnumerable<string?> PortsOf(string pod) => Containers(Pods[pod]).SelectMany(c => c["ports"].Items).Select(p => p["name"].Text);

    private static IEnumerable<string> Admissions(Yaml policy) =>
        from rule in policy["spec.ingress"].Items
        from port in rule["ports"].Items
        from peer in rule["from"].Items
        from who in Who(peer)
        select $"{policy["spec.podSelector.matchLabels"].Entries[NameLabel].Text}:{port["port"].Text}<-{who}";

    private static IEnumerable<string?> Who(Yaml peer) => peer["podSelector.matchExpressions"].Exists ? peer["podSelector.matchExpressions"].Items.SelectMany(e => e["values"].Texts)
        : [peer["podSelector.matchLabels"].Entries.GetValueOrDefault(NameLabel)?.Text ?? peer["namespaceSelector.matchLabels"].Entries["kubernetes.io/metadata.name"].Text];
}
