#pragma warning disable
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;
namespace Orleans.Runtime { 
 internal sealed class ActivationData : IGrainContext { public static ActivationData? Current; public SiloX Silo; public GrainId GrainId=>default; public object? GrainInstance=>null; public IServiceProvider ActivationServices=>null!; public Task Deactivated=>null!; public void Deactivate(DeactivationReason r, CancellationToken c){} public void DelayDeactivation(TimeSpan t){} public TimersX Timers=>null!; public void OpenSection(Guid g){} public void CloseSection(Guid g){} }
 internal class SiloX { public SiloAddress Address; public IGrainFactory GrainFactory; public CallerX Caller; }
 internal class CallerX { public RefsX References; } internal class RefsX { public object Create(GrainId id, Type t)=>null!; }
 internal class TimersX { public IGrainTimer Register(Func<CancellationToken,Task> c, GrainTimerCreationOptions o)=>null!; }
 internal class GrainReference { public CallerX Caller; public GrainId Id; }
 internal class GrainAsyncEnumerable<T> : IAsyncEnumerable<T> { public int MaxBatchSize; public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken c)=>null!; }
 internal class ReminderRegistry { public Task<IGrainReminder> RegisterOrUpdate(GrainId g,string n, TimeSpan a, TimeSpan b)=>null!; public Task Unregister(GrainId g, IGrainReminder r)=>null!; public Task<IGrainReminder?> Get(GrainId g,string n)=>null!; public Task<List<IGrainReminder>> GetAll(GrainId g)=>null!; }
 internal class LocalReminderService{} internal interface IReminderTable{} internal class MemoryReminderTable:IReminderTable{}
 internal sealed class PreferLocalPlacement:PlacementStrategy{} internal sealed class RandomPlacement:PlacementStrategy{} internal sealed class StatelessWorkerPlacement(int n):PlacementStrategy{}
 internal record PlacementRegistration(Type Strategy, Func<PlacementStrategy> Create);
 internal interface IClustering{} internal class InProcessCluster{} internal class ProcessClustering:IClustering{ public ProcessClustering(IPEndPoint e){} public ProcessClustering(InProcessCluster c){} } internal interface IGatewayList{} internal class StaticGatewayList(IPEndPoint[] e):IGatewayList{} internal class InProcessGatewayList(InProcessCluster c):IGatewayList{}
}
namespace Orleans.Runtime.MembershipService.SiloMetadata { internal class SiloMetadataCache:ISiloMetadataCache{ public SiloMetadata GetSiloMetadata(SiloAddress a)=>null!; } }
namespace Orleans.Storage { internal static class StorageProviders { public const string DefaultName="Default"; public static void Add(IServiceCollection s,string n, Func<IServiceProvider,string,IGrainStorage> f){} } internal static class MemoryGrainStorage{ public static IGrainStorage Create(IServiceProvider s,string n)=>null!; } internal class JsonGrainStorageSerializer(bool includeFields):IGrainStorageSerializer{ public BinaryData Serialize<T>(T? i)=>null!; public T? Deserialize<T>(BinaryData i)=>default; } }
namespace Orleans.Hosting { internal static class SiloServices{ public static ISiloBuilder AddTo(IServiceCollection s, IConfiguration c)=>new SiloBuilder(s,c);} internal static class ClientServices{ public static IClientBuilder AddTo(IServiceCollection s, IConfiguration c)=>new ClientBuilder(s,c);} }
