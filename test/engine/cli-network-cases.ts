/** Command lines about networks and ports that Docker's client and ours must answer alike; see cli-cases.ts. */
import type { CliCase } from "./cli-cases.ts";

/** Lines that change nothing. */
export const networkReadingCases: readonly string[] = [
  "docker network nonsense",
  "docker network ls",
  "docker network ls -q",
  "docker network ls --no-trunc",
  "docker network ls -f driver=host",
  "docker network ls -f type=custom",
  "docker network ls -f type=x",
  "docker network ls -f dangling=x",
  "docker network ls -f nonsense=x",
  "docker network ls --format json",
  "docker network ls --format '{{.Name}} {{.IPv4}} {{.IPv6}} {{.Internal}} {{.Labels}} {{.Label \"x\"}} {{.CreatedAt}}'",
  "docker network ls --format 'table {{.ID}}\\t{{.CreatedAt}}\\t{{.Labels}}\\t{{.IPv4}}'",
  "docker network ls --format raw",
  "docker network ls -q --format raw",
  "docker network ls --format '{{.Nonsense}}'",
  "docker network inspect bridge",
  "docker network inspect bridge host none nonsense",
  "docker network inspect -f '{{.Name}} {{.ID}} {{.IPAM.Config}} {{.Created}}' bridge",
  "docker network inspect -f '{{json .IPAM}}' bridge",
  "docker network inspect -f '{{range .IPAM.Config}}{{.Subnet}}{{end}}' bridge",
  "docker network inspect -v bridge",
  "docker network inspect",
  "docker inspect bridge",
  "docker inspect --type network bridge",
  "docker inspect --type network nonsense",
  "docker inspect -f '{{.Driver}}' none",
  "docker network rm",
  "docker network rm bridge",
  "docker network rm nonsense",
  "docker network rm -f nonsense",
  "docker network rm nonsense host",
  "docker network create",
  "docker network create bridge",
  "docker network create host",
  "docker network create none",
  "docker network create ''",
  "docker network create -d nonsense x",
  "docker network create -d host x",
  "docker network create -d null x",
  "docker network create -d overlay x",
  "docker network create --ipam-driver nonsense x",
  "docker network create --subnet 1.2.3 x",
  "docker network create --subnet 10.1.0.5/16 x",
  "docker network create --subnet 10.1.0.0/16 --gateway 10.2.0.1 x",
  "docker network create --subnet 10.1.0.0/16 --gateway nonsense x",
  "docker network create --subnet 10.1.0.0/16 --subnet 10.1.2.0/24 x",
  "docker network create --subnet 10.1.0.0/16 --subnet 10.2.0.0/16 x",
  "docker network create --gateway 10.2.0.1 x",
  "docker network create --subnet 10.1.0.0/16 --ip-range 10.2.0.0/24 x",
  "docker network create --subnet 10.1.0.0/16 --ip-range nonsense x",
  "docker network create --subnet 10.1.0.0/16 --ip-range 10.1.0.0/24 --ip-range 10.1.1.0/24 x",
  "docker network create --subnet 10.1.0.0/16 --aux-address a=10.2.0.1 x",
  "docker network create --subnet 172.17.0.0/16 x",
  "docker network create --label =x x",
  "docker network create -o com.docker.network.bridge.name=docker0 x",
  "docker network create -o com.docker.network.bridge.name=toolongnameofabridge x",
  "docker network create -o com.docker.network.bridge.enable_icc=x x",
  "docker network create --ipv4=false x",
  "docker network create --ipv4=x x",
  "docker port",
  "docker port nonsense",
  "docker port ended",
  "docker ps",
  "docker ps --format '{{.Ports}} {{.Networks}}'",
  "docker ps -a --filter expose=80-90 --format '{{.Names}}'",
  "docker ps -a --filter expose=x",
  "docker inspect web",
  "docker inspect ended",
];

/** Lines that make or change something. */
export const networkChangingCases: readonly CliCase[] = [
  {
    line: "docker network create made && docker network inspect made",
    after: "docker network rm made",
  },
  {
    line: "docker network create --subnet 10.9.0.0/16 --gateway 10.9.9.9 --ip-range 10.9.1.0/24 --aux-address a=10.9.1.1 --label a=b --internal --attachable -o x=y made && docker network inspect made",
    after: "docker network rm made",
  },
  {
    line: "docker network create --ipv6 made && docker network inspect -f '{{len .IPAM.Config}} {{.EnableIPv6}}' made",
    after: "docker network rm made",
  },
  {
    line: "docker network create made",
    before: "docker network create made",
    after: "docker network rm made",
  },
  {
    line: "docker network rm made",
    before: "docker network create made",
  },
  {
    line: "docker network remove made made",
    before: "docker network create made",
  },
  {
    line: "docker network prune -f",
    before: "docker network create made",
  },
  {
    line: "docker network prune",
    before: "docker network create made",
    after: "docker network rm made",
  },
  {
    line: "echo y | docker network prune",
    before: "docker network create made",
    after: "docker network rm made",
  },
  {
    line: "docker network prune -f --filter label=x; docker network ls",
    before: "docker network create made",
    after: "docker network rm made",
  },
  {
    line: "docker network prune -f --filter nonsense=x",
  },
  {
    line: "docker network connect",
  },
  {
    line: "docker network connect bridge",
  },
  {
    line: "docker network connect bridge nonsense",
  },
  {
    line: "docker network connect nonsense web",
  },
  {
    line: "docker network connect host web",
  },
  {
    line: "docker network connect bridge web",
  },
  {
    line: "docker network connect none web",
  },
  {
    line: "docker network connect --ip 1.2.3.4 bridge web",
  },
  {
    line: "docker network connect --driver-opt x bridge web",
  },
  {
    line: "docker network connect --link a:b:c bridge web",
  },
  {
    line: "docker network disconnect nonsense web",
  },
  {
    line: "docker network disconnect -f nonsense web",
  },
  {
    line: "docker network disconnect host web",
  },
  {
    line: "docker network disconnect bridge nonsense",
  },
  {
    line: "docker network disconnect -f bridge nonsense",
  },
  {
    line: "docker network connect --alias x --ip 1.2.3.4 made web",
    before: "docker network create made",
    after: "docker network rm made",
  },
  {
    line: "docker network connect --alias x --ip 10.9.7.7 made web; docker inspect -f '{{json .NetworkSettings.Networks.made}}' web; docker network inspect made; docker network rm made",
    before: "docker network create --subnet 10.9.0.0/16 made",
    after: "docker network disconnect made web; docker network rm made",
  },
  {
    line: "docker network connect --ip 10.8.7.7 made web",
    before: "docker network create --subnet 10.9.0.0/16 made",
    after: "docker network rm made",
  },
  {
    line: "docker network disconnect made web; docker network disconnect made web",
    before: "docker network create made; docker network connect made web",
    after: "docker network rm made",
  },
  {
    line: "docker network connect made web; docker ps --format '{{.Names}} {{.Networks}}' --filter network=made",
    before: "docker network create made; docker network connect made web",
    after: "docker network disconnect made web; docker network rm made",
  },
  {
    line: "docker run --rm --network nonsense busybox true",
  },
  {
    line: "docker run --rm --network host busybox sh -c 'hostname; ip -o l | wc -l; cat /etc/hosts | head -1; cat /etc/resolv.conf'",
  },
  {
    line: "docker run --rm --network none busybox sh -c 'ip -o a; cat /etc/hosts | wc -l; cat /etc/resolv.conf'",
  },
  {
    line: "docker run --rm --network container:web busybox sh -c 'ip -4 -o a; hostname; cat /etc/hosts'",
  },
  {
    line: "docker run --rm --network container:ended busybox true",
  },
  {
    line: "docker run --rm --network container:nonsense busybox true",
  },
  {
    line: "docker run --rm --network container: busybox true",
  },
  {
    line: "docker run --rm --network container:web -p 80 busybox true",
  },
  {
    line: "docker run --rm --network container:web --hostname x busybox true",
  },
  {
    line: "docker run --rm --network container:web --dns 1.1.1.1 busybox true",
  },
  {
    line: "docker run --rm --network container:web --add-host a:1.1.1.1 busybox true",
  },
  {
    line: "docker run --rm --network container:web --expose 80 busybox true",
  },
  {
    line: "docker run --rm --network host -p 80:80 busybox true",
  },
  {
    line: "docker run --rm --uts host --hostname x busybox true",
  },
  {
    line: "docker run --rm --network-alias x busybox true",
  },
  {
    line: "docker run --rm --network bridge --network-alias x busybox true",
  },
  {
    line: "docker run --rm --ip 172.17.0.99 busybox true",
  },
  {
    line: "docker run --rm --ip nonsense busybox true",
  },
  {
    line: "docker run --rm --mac-address nonsense busybox true",
  },
  {
    line: "docker run --rm --mac-address 92:d0:c6:0a:29:33 busybox cat /sys/class/net/eth0/address",
  },
  {
    line: "docker run --rm --network x --network x busybox true",
  },
  {
    line: "docker run --rm --network x --network bridge busybox true",
  },
  {
    line: "docker run --rm --network name=x,nonsense=1 busybox true",
  },
  {
    line: "docker run --rm --network alias=y busybox true",
  },
  {
    line: "docker run --rm --network name=x,gw-priority=y busybox true",
  },
  {
    line: "docker run --rm --network name=x,alias=a --network-alias b busybox true",
  },
  {
    line: "docker run --rm -p nonsense busybox true",
  },
  {
    line: "docker run --rm -p 80:nonsense busybox true",
  },
  {
    line: "docker run --rm -p 99999 busybox true",
  },
  {
    line: "docker run --rm -p 8090-8091:80-82 busybox true",
  },
  {
    line: "docker run --rm -p published=8090,target=80 busybox true",
  },
  {
    line: "docker run --rm --expose nonsense busybox true",
  },
  {
    line: "docker run --rm --link nonsense busybox true",
  },
  {
    line: "docker run --rm --hostname box --domainname example.org busybox sh -c 'hostname; hostname -f; tail -1 /etc/hosts | cut -f2'",
  },
  {
    line: "docker run --rm --add-host a:1.2.3.4 --add-host gw:host-gateway busybox tail -3 /etc/hosts",
  },
  {
    line: "docker run --rm --dns 1.2.3.4 --dns-search a.example --dns-option ndots:2 busybox cat /etc/resolv.conf",
  },
  {
    line: "docker create --name made -p 8091:80 -p 127.0.0.1:8092:81/udp --expose 99 -P --network-alias x busybox; docker create --name made -p 8091:80 -p 127.0.0.1:8092:81/udp --expose 99 -P --ip6 ::1 --mac-address 92:d0:c6:0a:29:33 busybox; docker inspect made",
    after: "docker rm -f made",
  },
  {
    line: "docker create --name c --network made --ip 10.9.3.3 --network-alias x --network-alias y busybox; docker create --name cc --network name=made,ip=10.9.3.3,alias=x,gw-priority=5 busybox; docker inspect cc; docker start cc",
    before: "docker network create --subnet 10.9.0.0/16 made",
    after: "docker rm -f c cc; docker network rm made",
  },
  {
    line: "docker run --rm --network made --ip 10.9.3.3 busybox ip -4 -o a s eth0",
    before: "docker network create --subnet 10.9.0.0/16 made",
    after: "docker network rm made",
  },
  {
    line: "docker run --rm --network made --network-alias z busybox sh -c 'cat /etc/resolv.conf'",
    before: "docker network create --subnet 10.9.0.0/16 made",
    after: "docker network rm made",
  },
  {
    line: "docker port made",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker port made 80",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker port made 80/udp",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker port made 53/udp",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker port made nonsense",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker port made 99",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker container port made 80/tcp",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker ps -a --filter publish=8080",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker ps -a --filter publish=80/tcp --format '{{.Names}}'",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker ps; docker inspect -f '{{json .NetworkSettings}}' made",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker run --rm --name second -p 8080:80 busybox true",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
  {
    line: "docker run --rm --name second -p 127.0.0.1:8080:80 busybox true",
    before: "docker run -d --name made -p 8080:80 -p 5353:53/udp busybox sleep 1000",
    after: "docker rm -f made",
  },
];
