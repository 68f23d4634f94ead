import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compare, isLasting } from '../../host/drift.ts';
import { parseSnapshot } from '../../host/snapshot.ts';

/** The last snapshot of each host and one from before it, kept on this machine so that everything works offline. */
export class HostStore {
  constructor(private readonly folder: string) {}

  /** The names of hosts with a snapshot, sorted. */
  async names(): Promise<readonly string[]> {
    const entries = await readdir(this.folder).catch(() => []);
    return entries
      .filter(name => name.endsWith(last))
      .map(name => decode(name.slice(0, -last.length)))
      .filter(name => name !== undefined)
      .sort();
  }

  text(name: string): Promise<string | undefined> {
    return read(this.file(name));
  }

  previous(name: string): Promise<string | undefined> {
    return read(this.previousFile(name));
  }

  /**
   * Keeps a new snapshot; the one that it replaces becomes the previous one. Only where devices have changed since the
   * previous one and not since the last does the previous one stay: to refresh twice must not hide what changed.
   */
  async keep(name: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const [previous, current] = await Promise.all([this.previous(name), this.text(name)]);
    const moves = current !== undefined && !(previous !== undefined && hidesChange(previous, current, text));
    // Whatever interrupts this, a whole snapshot stays under the last one's name.
    if (moves) await replace(this.previousFile(name), current);
    await replace(this.file(name), text);
  }

  /** What has changed so far is no news any more. */
  async acceptChanges(name: string): Promise<void> {
    const text = await this.text(name);
    if (text !== undefined && (await this.previous(name)) !== undefined) await replace(this.previousFile(name), text);
  }

  async forget(name: string): Promise<void> {
    for (const file of [this.file(name), this.previousFile(name)]) await rm(file, { force: true });
  }

  /** The file of a host's last snapshot, for "Open Snapshot". */
  file(name: string): string {
    return join(this.folder, `${encode(name)}${last}`);
  }

  previousFile(name: string): string {
    return join(this.folder, `${encode(name)}${before}`);
  }
}

const last = '.snapshot';
const before = '.previous';

function hidesChange(previous: string, last: string, next: string): boolean {
  const [first, second, third] = [previous, last, next].map(parseSnapshot);
  if (!first || !second || !third) return false;
  return compare(first, second).some(isLasting) && !compare(second, third).some(isLasting);
}

const read = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

/** A host's name as a file's: `*` and the like are no good on every system. */
const encode = (name: string): string =>
  encodeURIComponent(name).replace(/[*'()!~]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
