import type { TreeRow } from '../../server/protocol.ts';

/** Devices of one host, as a file takes them. */
export interface Taken {
  /** URI of the snapshot that they are from. */
  readonly host: string;
  /** Addresses, `ADDRESS,mdev=TYPE`, `mapping=NAME`. */
  readonly devices: readonly string[];
}

/**
 * The devices that rows stand for, each once: a group for all its devices, a guest for what it has. Bridges stay where they
 * are. Of rows of several hosts those of the first count: an address means something else on another host.
 */
export function takenOf(rows: readonly TreeRow[]): Taken | undefined {
  const found = rows.flatMap(devicesIn);
  const host = found[0]?.host;
  if (host === undefined) return undefined;
  const devices = found.filter(one => one.host === host).map(one => one.takes);
  return { host, devices: [...new Set(devices)] };
}

function devicesIn(row: TreeRow): readonly { host: string; takes: string }[] {
  if (row.takes !== undefined && row.host !== undefined) return [{ host: row.host, takes: row.takes }];
  if (row.address !== undefined || row.context.startsWith('host')) return [];
  return (row.children ?? []).flatMap(devicesIn);
}

/** Reads what was dragged; `undefined` for what is not ours. */
export function readTaken(text: string): Taken | undefined {
  try {
    const sent = JSON.parse(text) as Partial<Taken> | null;
    const devices = Array.isArray(sent?.devices) ? sent.devices.filter(one => typeof one === 'string') : [];
    return typeof sent?.host === 'string' && devices.length > 0 ? { host: sent.host, devices } : undefined;
  } catch {
    return undefined;
  }
}
