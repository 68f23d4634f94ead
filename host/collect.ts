import type { Inventory } from './inventory.ts';
import { parseSnapshot } from './snapshot.ts';
import { type Question, TransportError } from './transport.ts';

/** What a host printed, checked to be whole, and what it means. */
export interface Collected {
  /** The snapshot's text from its first line on, as it is to be kept. */
  readonly text: string;
  readonly inventory: Inventory;
}

/**
 * Asks a host everything in one round trip: the collector goes in on standard input, the snapshot comes back.
 * An answer that is not a whole snapshot is an error, so that the last good one is kept.
 */
export function collect(script: string, host: string): Question<Collected> {
  return {
    command: { words: ['sh', '-s'], stdin: script },
    read({ stdout, stderr }) {
      const start = /^hostpci snapshot \d/m.exec(stdout)?.index;
      if (start === undefined) throw noSnapshot(host, stdout, stderr);
      const text = stdout.slice(start);
      if (!/^== end\b/m.test(text)) {
        throw new TransportError('cut-off', `The answer of ${host} ends in the middle. What was known of it before is kept.`);
      }
      return { text, inventory: parseSnapshot(text) };
    },
  };
}

function noSnapshot(host: string, stdout: string, stderr: string): TransportError {
  if (/not linux/i.test(stderr)) return new TransportError('not-linux', `${host} does not run Linux.`);
  if (/no \/sys/i.test(stderr)) return new TransportError('no-sysfs', `${host} has no /sys/bus/pci that could be read.`);
  const said = (stderr.trim() || stdout.trim()).split('\n').pop() ?? '';
  return new TransportError('failed', `${host} did not run the collector${said ? `: ${said.slice(0, 200)}` : '.'}`);
}
