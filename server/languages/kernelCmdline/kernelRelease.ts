/**
 * Whether a kernel (`6.8.12-9-pve`, or just `6.8`) is of a version or newer; `undefined` where its release is not known
 * or cannot be read.
 */
export function kernelAtLeast(release: string | undefined, version: string): boolean | undefined {
  const has = numbers(release);
  const wanted = numbers(version);
  if (!has || !wanted) return undefined;
  for (let at = 0; at < wanted.length; at++) {
    const difference = (has[at] ?? 0) - (wanted[at] as number);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** True for kernels that Proxmox builds: they end in `-pve`. */
export const isProxmoxKernel = (release: string): boolean => /-pve$/.test(release);

function numbers(text: string | undefined): readonly number[] | undefined {
  const found = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,5}))?(?:-(\d{1,5}))?/.exec(text ?? '');
  return found
    ?.slice(1)
    .filter(part => part !== undefined)
    .map(Number);
}
