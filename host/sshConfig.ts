import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import picomatch from 'picomatch';
import { type SshOptions, sshSettings } from './ssh.ts';
import { checkTarget, type SshTarget, thisMachine } from './target.ts';

/**
 * The names of hosts in the user's `~/.ssh/config` and the files that it includes, in their order, patterns left out.
 * Only names are read; what they mean is left to ssh itself.
 */
export async function sshHostNames(file = join(homedir(), '.ssh', 'config'), depth = 4): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const names: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, keyword, rest] = /^\s*(host|include)(?:\s*=\s*|\s+)(\S.*)$/i.exec(line) ?? [];
    if (keyword === undefined || rest === undefined) continue;
    if (keyword.toLowerCase() === 'host') names.push(...words(rest).filter(isName));
    else if (depth > 0)
      for (const path of await included(words(rest))) names.push(...(await sshHostNames(path, depth - 1)));
  }
  return [...new Set(names)];
}

/** Who ssh logs in as. On the host itself that is who has its keys for the others. */
export const userOn = async (host: SshTarget, options: SshOptions = {}): Promise<string | undefined> =>
  host.destination === thisMachine ? 'root' : (await sshSettings(host, options)).get('user');

/** Up to a comment. */
function words(text: string): readonly string[] {
  const all = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(found => found[1] ?? (found[2] as string));
  const comment = all.findIndex(word => word.startsWith('#'));
  return comment < 0 ? all : all.slice(0, comment);
}

/** No pattern, and something that can be connected to. */
const isName = (word: string): boolean => !/[*?!]/.test(word) && checkTarget({ destination: word }) === undefined;

async function included(patterns: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const pattern of patterns) {
    const home = pattern.replace(/^~(?=\/)/, homedir());
    const path = isAbsolute(home) ? home : join(homedir(), '.ssh', home);
    const matches = picomatch(path.replaceAll('\\', '/'), { dot: false });
    const entries = await readdir(dirname(path)).catch(() => []);
    paths.push(...entries.map(name => join(dirname(path), name)).filter(found => matches(found.replaceAll('\\', '/'))));
  }
  return paths.sort();
}
