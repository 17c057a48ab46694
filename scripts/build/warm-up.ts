/** One thing that the guest does before it is saved, so that no user waits for it. */
export interface WarmUpStep {
  readonly name: string;
  /** For `bash -lc`; must end with 0. */
  readonly command: string;
}

/** What a guest with the engine has done when it is saved, in this order. */
export const ENGINE_WARM_UP: readonly WarmUpStep[] = [
  {
    name: "services",
    command: "until [ -S /var/run/docker.sock ] && [ -S /run/drydock/cli.sock ]; do sleep 0.1; done",
  },
  { name: "docker", command: "docker version && docker info && docker ps -a && docker images" },
];

/** Bytes that stay free while the rest is filled: the kernel kills processes when it runs out. */
const RESERVE_KIB = 8 * 1024;

/**
 * Fills free memory with zeros, which cost nothing in a saved state, and drops what the kernel only keeps in case.
 * Prints the KiB that were filled.
 */
export const ZERO_FREE_MEMORY = `
set -e
sync
echo 3 > /proc/sys/vm/drop_caches
free=$(sed -n 's/^MemFree: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)
fill=$((free - ${RESERVE_KIB}))
mount -t tmpfs -o size=100% tmpfs /mnt
dd if=/dev/zero of=/mnt/zero bs=64k count=$((fill / 64)) 2> /dev/null
umount /mnt
echo $fill
`;
