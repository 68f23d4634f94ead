import { closeSync, type Dirent, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Library } from './languages/language.ts';
import type { FileSystem } from './workspace/fileSystem.ts';

/** Files above this size are not read: Proxmox itself allows 1 MiB below /etc/pve, and snapshots stay well below 16 MiB. */
const largest = 16 * 1024 * 1024;

/** `file:` URIs from the disk; every other scheme is asked from whoever can reach it. */
export function nodeFiles(other?: FileSystem): FileSystem {
  return {
    async read(uri) {
      if (!uri.startsWith('file:')) return other?.read(uri);
      return quietly(undefined, async () => {
        const path = fileURLToPath(uri);
        const { size } = await stat(path);
        return size > largest ? undefined : await readFile(path, 'utf8');
      });
    },
    async list(directory) {
      if (!directory.startsWith('file:')) return (await other?.list(directory)) ?? [];
      return quietly([], async () => {
        return namesOf(await readdir(fileURLToPath(directory), { withFileTypes: true }));
      });
    },
  };
}

/**
 * The same for a command, which has nothing else to do while it waits: of thousands of small files that is several times
 * faster.
 */
export const filesAtOnce: FileSystem = {
  read: uri => quietly(undefined, async () => readAtOnce(fileURLToPath(uri))),
  list: directory => quietly([], async () => namesOf(readdirSync(fileURLToPath(directory), { withFileTypes: true }))),
};

const room = Buffer.allocUnsafe(64 * 1024);

/** Nearly all files fit into one read, and then nobody has to be asked how large they are. */
function readAtOnce(path: string): string | undefined {
  const handle = openSync(path, 'r');
  try {
    for (let length = 0; length < room.length; ) {
      const more = readSync(handle, room, length, room.length - length, null);
      if (more === 0) return room.toString('utf8', 0, length);
      length += more;
    }
  } finally {
    closeSync(handle);
  }
  return statSync(path).size > largest ? undefined : readFileSync(path, 'utf8');
}

const namesOf = (entries: readonly Dirent[]): readonly string[] =>
  entries.map(entry => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();

/** Data files `NAME.json` in a directory, each read once and only when asked for. */
export function nodeLibrary(directory: string, onError: (message: string) => void): Library {
  const read = new Map<string, unknown>();
  return {
    read<T>(name: string): T | undefined {
      if (!read.has(name)) read.set(name, readData(join(directory, `${name}.json`), onError));
      return read.get(name) as T | undefined;
    },
  };
}

function readData(path: string, onError: (message: string) => void): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    onError(`data file ${path} cannot be read: ${String(error)}`);
    return undefined;
  }
}

/** What is absent, unreadable or no path on this system is simply not there. */
async function quietly<T>(nothing: T, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch {
    return nothing;
  }
}
