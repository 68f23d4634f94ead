import { isOn, numberOf, type Settings, textOfProperty } from './config.ts';

/** The VM's memory in MiB; 512 where no line says it. */
export const memoryOf = (settings: Settings): number =>
  Number(textOfProperty(settings.entry('memory'), 'current') ?? 512);

/** One NUMA node of the guest as its memory is divided, in MiB. */
export interface GuestNode {
  readonly memory: number;
  /** The `numaN` key that says it; `undefined` where memory is divided among the sockets. */
  readonly key: string | undefined;
}

/** How the memory is divided: as the `numaN` lines say, else evenly among the sockets. Empty without `numa: 1`. */
export function guestNodes(settings: Settings): readonly GuestNode[] {
  if (!isOn(settings, 'numa')) return [];
  const lines = settings.family('numa');
  if (lines.length > 0) {
    return lines.map(entry => ({ memory: Number(textOfProperty(entry, 'memory') ?? 0), key: entry.key }));
  }
  const sockets = Math.max(1, numberOf(settings, 'sockets', 1));
  return Array.from({ length: sockets }, () => ({ memory: memoryOf(settings) / sockets, key: undefined }));
}
