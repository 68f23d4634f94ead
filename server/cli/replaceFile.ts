import { randomBytes } from 'node:crypto';
import { access, constants, type FileHandle, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A text beside the file that it is to replace; nothing of the file has changed yet. */
export interface Replacement {
  /** Puts the text in the file's place. Rejects, with the file as it was, where it was changed in between. */
  commit(): Promise<void>;
  /** Forgets the text. */
  discard(): Promise<void>;
}

/**
 * Makes ready to replace a file's text as a whole: others see the old text or the new one, and a failure leaves the old.
 * What a link leads to is replaced, not the link. Mode and owner stay. Rejects, with a reason for people, where the file
 * cannot be written or is not what was read.
 * @param before the text that was read; `undefined` where there must be no file yet
 */
export async function prepareReplacement(
  path: string,
  before: string | undefined,
  after: string,
): Promise<Replacement> {
  const target = before === undefined ? path : await realpath(path);
  await checkUnchanged(target, before);
  if (before !== undefined) await access(target, constants.W_OK);
  const temporary = await writeBeside(target, after, before !== undefined);
  const discard = (): Promise<void> => unlink(temporary).catch(() => {});
  return {
    discard,
    async commit() {
      try {
        await checkUnchanged(target, before);
        await rename(temporary, target);
      } catch (error) {
        await discard();
        throw error;
      }
    },
  };
}

/** The same in one step. */
export async function replaceFile(path: string, before: string | undefined, after: string): Promise<void> {
  await (await prepareReplacement(path, before, after)).commit();
}

/** Why writing failed, for people. */
export function whyNotWritten(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  const isCluster = /(?:^|\/)etc\/pve\//.test(path) && (code === 'EACCES' || code === 'EPERM');
  return `cannot be written (${code}${isCluster ? '; /etc/pve is read-only without quorum' : ''})`;
}

async function checkUnchanged(path: string, before: string | undefined): Promise<void> {
  const now = await readFile(path).catch(error => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (before === undefined ? now === undefined : now?.equals(Buffer.from(before))) return;
  if (now !== undefined && before === now.toString('utf8')) {
    throw new Error('is not UTF-8, and writing it would lose what is not');
  }
  throw new Error('was changed in the meantime; run again');
}

/** Proxmox VE itself writes `NAME.tmp.PID` and renames it; nothing reads files of such a name. */
async function writeBeside(target: string, text: string, exists: boolean): Promise<string> {
  const suffix = `${process.pid}${randomBytes(4).readUInt32LE()}`;
  const temporary = join(dirname(target), `${basename(target)}.tmp.${suffix}`);
  const like = exists ? await stat(target) : undefined;
  const file = await open(temporary, 'wx', like ? like.mode & 0o777 : 0o666);
  try {
    await file.writeFile(text);
    if (like) await keepOwner(file, like);
    // A file system that cannot do this has no cache to empty.
    await file.sync().catch(() => {});
  } catch (error) {
    await file.close();
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await file.close();
  return temporary;
}

/** Below /etc/pve mode and owner are the file system's own and cannot be set: there nothing differs. */
async function keepOwner(file: FileHandle, like: Awaited<ReturnType<typeof stat>>): Promise<void> {
  const made = await file.stat();
  if (made.uid !== like.uid || made.gid !== like.gid) await file.chown(Number(like.uid), Number(like.gid));
  if (made.mode !== like.mode) await file.chmod(Number(like.mode) & 0o7777);
}
