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
  { name: "preload images", command: "docker pull -q hello-world && docker pull -q busybox" },
  {
    name: "docker",
    command: `set -e
      for round in 1 2 3; do docker run --rm busybox true; done
      docker run -d --name warm-up busybox sleep 600
      docker exec warm-up true
      docker version; docker info; docker ps -a; docker images; docker logs warm-up; docker inspect warm-up
      docker rm -f warm-up`,
  },
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
