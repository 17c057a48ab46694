import { GoTypes } from "../format/go-types.ts";

/** What templates of `docker version`, `docker info` and `docker events` see, in the notation of {@link GoTypes}. */
export const systemTypes = new GoTypes(`
system.versionInfo: Client system.clientVersion, Server *types.Version
system.clientVersion: Platform? *PlatformName, Version? string, APIVersion(ApiVersion)? string, DefaultAPIVersion? string, GitCommit? string, GoVersion? string, Os? string, Arch? string, BuildTime? string, Context string
PlatformName: Name? string
types.Version: Platform PlatformName, Components? []types.ComponentVersion, Version string, APIVersion(ApiVersion) string, MinAPIVersion? string, GitCommit string, GoVersion string, Os string, Arch string, KernelVersion? string, Experimental? bool, BuildTime? string
types.ComponentVersion: Name string, Version string, Details? map[string]string
system.dockerInfo: ~*Info, ServerErrors? []string, ClientInfo? *system.clientInfo, ClientErrors? []string
sparseInfo: ClientInfo? *system.clientInfo, ClientErrors? []string
system.clientInfo: Debug bool, ~system.clientVersion, Plugins []any, Warnings []string
Info: ID string, Containers int, ContainersRunning int, ContainersPaused int, ContainersStopped int, Images int, Driver string, DriverStatus []any, SystemStatus? []any, Plugins PluginsInfo, MemoryLimit bool, SwapLimit bool, KernelMemory? bool, KernelMemoryTCP? bool, CPUCfsPeriod(CpuCfsPeriod) bool, CPUCfsQuota(CpuCfsQuota) bool, CPUShares bool, CPUSet bool, PidsLimit bool, IPv4Forwarding bool, Debug bool, NFd int, OomKillDisable bool, NGoroutines int, SystemTime string, LoggingDriver string, CgroupDriver string, CgroupVersion? string, NEventsListener int, KernelVersion string, OperatingSystem string, OSVersion string, OSType string, Architecture string, IndexServerAddress string, RegistryConfig any, NCPU int, MemTotal int, GenericResources []any, DockerRootDir string, HTTPProxy(HttpProxy) string, HTTPSProxy(HttpsProxy) string, NoProxy string, Name string, Labels []string, ExperimentalBuild bool, ServerVersion string, Runtimes map[string]any, DefaultRuntime string, Swarm any, LiveRestoreEnabled bool, Isolation string, InitBinary string, ContainerdCommit Commit, RuncCommit Commit, InitCommit Commit, SecurityOptions []string, ProductLicense? string, DefaultAddressPools? []any, FirewallBackend? any, CDISpecDirs []string, DiscoveredDevices? []any, Containerd? any, Warnings []string
PluginsInfo: Volume []string, Network []string, Authorization []string, Log []string
Commit: ID string, Expected? string
events.Message: Status(status)? string, ID(id)? string, From(from)? string, Type string, Action string, Actor events.Actor, Scope(scope)? string, Time(time)? int, TimeNano(timeNano)? int
events.Actor: ID string, Attributes map[string]string
`);
