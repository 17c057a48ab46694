import { GoTypes } from "../format/go-types.ts";

/** The types of Docker's client for what `docker inspect` shows, in the notation of {@link GoTypes}. */
export const apiTypes = new GoTypes(`
Container: ~*ContainerJSONBase, Mounts []MountPoint, Config *Config, NetworkSettings *NetworkSettings
ContainerJSONBase: ID(Id) string, Created string, Path string, Args []string, State *State, Image string, ResolvConfPath string, HostnamePath string, HostsPath string, LogPath string, Name string, RestartCount int, Driver string, Platform string, MountLabel string, ProcessLabel string, AppArmorProfile string, ExecIDs []string, HostConfig *HostConfig, GraphDriver DriverData, SizeRw? *int, SizeRootFs? *int
State: Status string, Running bool, Paused bool, Restarting bool, OOMKilled bool, Dead bool, Pid int, ExitCode int, Error string, StartedAt string, FinishedAt string, Health? *Health
Health: Status string, FailingStreak int, Log []*HealthcheckResult
HealthcheckResult: Start time, End time, ExitCode int, Output string
MountPoint: Type? string, Name? string, Source string, Destination string, Driver? string, Mode string, RW bool, Propagation string
Config: Hostname string, Domainname string, User string, AttachStdin bool, AttachStdout bool, AttachStderr bool, ExposedPorts? map[string]Nothing, Tty bool, OpenStdin bool, StdinOnce bool, Env []string, Cmd []string, Healthcheck? *HealthConfig, ArgsEscaped? bool, Image string, Volumes map[string]Nothing, WorkingDir string, Entrypoint []string, NetworkDisabled? bool, MacAddress? string, OnBuild []string, Labels map[string]string, StopSignal? string, StopTimeout? *int, Shell? []string
HealthConfig: Test? []string, Interval? int, Timeout? int, StartPeriod? int, StartInterval? int, Retries? int
HostConfig: Binds []string, ContainerIDFile string, LogConfig LogConfig, NetworkMode string, PortBindings map[string][]PortBinding, RestartPolicy RestartPolicy, AutoRemove bool, VolumeDriver string, VolumesFrom []string, ConsoleSize []int, Annotations? map[string]string, CapAdd []string, CapDrop []string, CgroupnsMode string, DNS(Dns) []string, DNSOptions(DnsOptions) []string, DNSSearch(DnsSearch) []string, ExtraHosts []string, GroupAdd []string, IpcMode string, Cgroup string, Links []string, OomScoreAdj int, PidMode string, Privileged bool, PublishAllPorts bool, ReadonlyRootfs bool, SecurityOpt []string, StorageOpt? map[string]string, Tmpfs? map[string]string, UTSMode string, UsernsMode string, ShmSize int, Sysctls? map[string]string, Runtime? string, Isolation string, ~Resources, Mounts? []Mount, MaskedPaths []string, ReadonlyPaths []string, Init? *bool
Resources: CPUShares(CpuShares) int, Memory int, NanoCPUs(NanoCpus) int, CgroupParent string, BlkioWeight int, BlkioWeightDevice []any, BlkioDeviceReadBps []any, BlkioDeviceWriteBps []any, BlkioDeviceReadIOps []any, BlkioDeviceWriteIOps []any, CPUPeriod(CpuPeriod) int, CPUQuota(CpuQuota) int, CPURealtimePeriod(CpuRealtimePeriod) int, CPURealtimeRuntime(CpuRealtimeRuntime) int, CpusetCpus string, CpusetMems string, Devices []DeviceMapping, DeviceCgroupRules []string, DeviceRequests []any, KernelMemory? int, KernelMemoryTCP? int, MemoryReservation int, MemorySwap int, MemorySwappiness *int, OomKillDisable *bool, PidsLimit *int, Ulimits []*Ulimit, CPUCount(CpuCount) int, CPUPercent(CpuPercent) int, IOMaximumIOps int, IOMaximumBandwidth int
DeviceMapping: PathOnHost string, PathInContainer string, CgroupPermissions string
Ulimit: Name string, Hard int, Soft int
LogConfig: Type string, Config map[string]string
RestartPolicy: Name string, MaximumRetryCount int
PortBinding: HostIP(HostIp) string, HostPort string
DriverData: Data map[string]string, Name string
NetworkSettings: ~NetworkSettingsBase, ~DefaultNetworkSettings, Networks map[string]*EndpointSettings
NetworkSettingsBase: Bridge string, SandboxID string, SandboxKey string, Ports map[string][]PortBinding, HairpinMode bool, LinkLocalIPv6Address string, LinkLocalIPv6PrefixLen int, SecondaryIPAddresses []any, SecondaryIPv6Addresses []any
DefaultNetworkSettings: EndpointID string, Gateway string, GlobalIPv6Address string, GlobalIPv6PrefixLen int, IPAddress string, IPPrefixLen int, IPv6Gateway string, MacAddress string
EndpointSettings: IPAMConfig *EndpointIPAMConfig, Links []string, Aliases []string, MacAddress string, DriverOpts map[string]string, GwPriority int, NetworkID string, EndpointID string, Gateway string, IPAddress string, IPPrefixLen int, IPv6Gateway string, GlobalIPv6Address string, GlobalIPv6PrefixLen int, DNSNames []string
EndpointIPAMConfig: IPv4Address? string, IPv6Address? string, LinkLocalIPs? []string
Image: ID(Id) string, RepoTags []string, RepoDigests []string, Parent string, Comment string, Created? string, Container? string, ContainerConfig? *Config, DockerVersion string, Author string, Config *ImageConfig, Architecture string, Variant? string, Os string, OsVersion? string, Size int, VirtualSize? int, GraphDriver DriverData, RootFS RootFS, Metadata Metadata
ImageConfig: ~OCIImageConfig, ~DockerImageConfigExt
OCIImageConfig: User? string, ExposedPorts? map[string]Nothing, Env? []string, Entrypoint? []string, Cmd? []string, Volumes? map[string]Nothing, WorkingDir? string, Labels? map[string]string, StopSignal? string, ArgsEscaped? bool
DockerImageConfigExt: Healthcheck? *HealthConfig, OnBuild? []string, Shell? []string
RootFS: Type? string, Layers? []string
Metadata: LastTagTime? time
Mount: Type? string, Source? string, Target? string, ReadOnly? bool, Consistency? string, BindOptions? *BindOptions, VolumeOptions? *VolumeOptions, ImageOptions? *ImageOptions, TmpfsOptions? *TmpfsOptions, ClusterOptions? *Nothing
BindOptions: Propagation? string, NonRecursive? bool, CreateMountpoint? bool, ReadOnlyNonRecursive? bool, ReadOnlyForceRecursive? bool
VolumeOptions: NoCopy? bool, Labels? map[string]string, Subpath? string, DriverConfig? *Driver
Driver: Name? string, Options? map[string]string
ImageOptions: Subpath? string
TmpfsOptions: SizeBytes? int, Mode? int, Options? [][]string
volume.Volume: ClusterVolume? *any, CreatedAt? string, Driver string, Labels map[string]string, Mountpoint string, Name string, Options map[string]string, Scope string, Status? map[string]any, UsageData? *UsageData
UsageData: RefCount int, Size int
Nothing: 
`);
