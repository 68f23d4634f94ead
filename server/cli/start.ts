import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/*
 * Starts the command line, cli.cjs, with what V8 compiled of it the last time: to compile it takes longer than to check a
 * file. The compiled code is kept in the user's directory for caches; without it everything works the same, and
 * NODE_DISABLE_COMPILE_CACHE switches it off, as it does for Node's own.
 */

const program = fileURLToPath(new URL('cli.cjs', import.meta.url));
const cache = cacheFile();
const cachedData = cache && readOwn(cache.file);
const code = `(function (exports, require, module, __filename) {${readFileSync(program, 'latin1')}\n})`;
const script = new Script(code, { filename: program, ...(cachedData ? { cachedData } : {}) });
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(program), module, program);
if (cache && (!cachedData || script.cachedDataRejected)) process.on('exit', () => write(cache));

interface CacheFile {
  readonly directory: string;
  /** What all files of this Node's version start with. */
  readonly start: string;
  readonly file: string;
}

/** V8 itself looks only at its own version and at the length of the code, so the bundle's time is in the name. */
function cacheFile(): CacheFile | undefined {
  const { NODE_DISABLE_COMPILE_CACHE: off, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (off) return undefined;
  try {
    const directory = join((process.platform === 'win32' ? local : xdg) || join(homedir(), '.cache'), 'hostpci');
    const { size, mtimeMs } = statSync(program);
    const start = `${process.version}-${process.arch}-`;
    return { directory, start, file: join(directory, `${start}${size}-${Math.trunc(mtimeMs)}.bin`) };
  } catch {
    return undefined;
  }
}

/** A file that nobody but this user can have written: it is code that is run. */
function readOwn(file: string): Buffer | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const { uid, mode } = fstatSync(handle);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? readFileSync(handle) : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Puts the code in place at once, so that no other process reads half of it, and removes that of earlier versions. */
function write({ directory, start, file }: CacheFile): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, script.createCachedData(), { mode: 0o600 });
    renameSync(draft, file);
    for (const name of readdirSync(directory)) {
      const other = join(directory, name);
      if (name.startsWith(start) && name.endsWith('.bin') && other !== file) rmSync(other, { force: true });
    }
  } catch {
    // A cache that cannot be written is no cache.
  }
}
