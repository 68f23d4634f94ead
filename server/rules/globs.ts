import picomatch from 'picomatch';
import { pathOf } from '../workspace/place.ts';

/** Says of a file's URI whether a glob is about it. */
export type GlobTest = (uri: string) => boolean;

/** Whoever opens somebody's repository reads its globs too: more than these would let one take long to match. */
const mostWildcards = 8;
const mostInName = 3;
const longest = 200;

/**
 * Compiles a glob of settings; an answer in words where it cannot be used. `old/*.conf` is about such files in any folder
 * below `directory`, `/old/*.conf` only about those directly there. Without a directory `/` is the root of the file system.
 * A file that is not below the directory is compared with its whole path, and never meets a glob that starts with `/`.
 */
export function compileGlob(glob: string, directory?: string): GlobTest | string {
  if (glob.trim() === '') return 'is empty';
  if (glob.length > longest) return `is longer than ${longest} characters`;
  if (wildcardsIn(glob) > mostWildcards) return `has more than ${mostWildcards} wildcards`;
  if (glob.split('/').some(part => wildcardsIn(part) > mostInName))
    return `has more than ${mostInName} wildcards in a name`;
  if (glob.includes('\\')) return 'has a backslash: folders are divided by /';
  if (glob.startsWith('!')) return 'starts with !: a glob names the files that it is about';
  const options = { dot: true, noextglob: true, windows: false };
  const anchored = glob.startsWith('/');
  const matches = picomatch(anchored ? glob.slice(1) : glob.startsWith('**/') ? glob : `**/${glob}`, options);
  const base = directory === undefined ? '/' : `${decoded(pathOf(directory)).replace(/\/$/, '')}/`;
  return uri => {
    const path = decoded(pathOf(uri));
    const below = path.startsWith(base);
    return (below || !anchored) && matches(below ? path.slice(base.length) : path.slice(1));
  };
}

const wildcardsIn = (text: string): number => (text.match(/\*+|[?{[(]/g) ?? []).length;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
