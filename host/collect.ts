import type { Inventory } from './inventory.ts';
import { parseSnapshot } from './snapshot.ts';
import { readSnapshotText } from './snapshotText.ts';
import { type Output, type Question, TransportError } from './transport.ts';

/** What a host printed, checked to be whole, and what it means. */
export interface Collected {
  /** The snapshot's text from its first line to its last, as it is to be kept. */
  readonly text: string;
  readonly inventory: Inventory;
}

/**
 * Asks a host everything in one round trip: the collector goes in on standard input, the snapshot comes back.
 * An answer that is not a whole snapshot of a Linux host is an error, so that the last good one is kept.
 */
export function collect(script: string, host: string): Question<Collected> {
  return {
    command: { words: ['sh', '-s'], stdin: script },
    read(output) {
      const { stdout } = output;
      const start = /^hostpci snapshot \d{1,6}\r?$/m.exec(stdout)?.index;
      if (start === undefined) throw noSnapshot(host, output);
      const length = /^== end\r?$/m.exec(stdout.slice(start));
      if (!length) {
        const text = `The answer of ${host} ends in the middle. What was known of it before is kept.`;
        throw new TransportError('cut-off', text);
      }
      const text = `${stdout.slice(start, start + length.index)}== end\n`;
      const inventory = parseSnapshot(text);
      checkHost(host, text, inventory);
      return { text, inventory };
    },
  };
}

/** The collector says what it could not read; without the kernel's own files there is nothing to keep. */
function checkHost(host: string, text: string, inventory: Inventory): void {
  const functions = readSnapshotText(text).sections.find(section => section.name === 'pci functions');
  if (functions !== undefined && functions.status !== 'unreadable') return;
  if (inventory.kernel.release === undefined) throw notLinux(host);
  const reason = `${host} has no /sys/bus/pci: it is a container, or a machine without a PCI bus. Ask the host itself.`;
  throw new TransportError('no-sysfs', reason);
}

function noSnapshot(host: string, { stdout, stderr }: Output): TransportError {
  if (/is not recognized as (?:an internal|the name)|not linux/i.test(stderr)) return notLinux(host);
  if (stdout.length > 2000) {
    const size =
      stdout.length < 1048576
        ? `${Math.round(stdout.length / 1024)} KiB`
        : `${Math.round(stdout.length / 1048576)} MiB`;
    return new TransportError(
      'failed',
      `${host} printed ${size}, and no snapshot in it. It begins: ${firstWords(stdout)}`,
    );
  }
  const said = (stderr.trim() || stdout.trim()).split('\n').pop() ?? '';
  return new TransportError('failed', `${host} did not run the collector${said ? `: ${firstWords(said)}` : '.'}`);
}

const notLinux = (host: string): TransportError =>
  new TransportError('not-linux', `${host} does not run Linux; only a Proxmox VE host can be asked.`);

/** A host may print anything; what is shown of it is short and without control characters. */
const firstWords = (text: string): string =>
  text
    .slice(0, 200)
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
    .trim();
