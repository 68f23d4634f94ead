import { pathOf } from '../workspace/place.ts';

/** Says of a file's URI whether a glob is about it. */
export type GlobTest = (uri: string) => boolean;

/** Whoever opens somebody's repository reads its globs too: more than these would let one take long to match. */
const mostWildcards = 8;
const mostInName = 3;
const longest = 200;

/** Why a glob of settings cannot be used, in words; `undefined` where it can. */
export function globFault(glob: string): string | undefined {
  if (glob.trim() === '') return 'is empty';
  if (glob.length > longest) return `is longer than ${longest} characters`;
  if (wildcardsIn(glob) > mostWildcards) return `has more than ${mostWildcards} wildcards`;
  if (glob.split('/').some(part => wildcardsIn(part) > mostInName))
    return `has more than ${mostInName} wildcards in a name`;
  if (glob.includes('\\')) return 'has a backslash: folders are divided by /';
  if (glob.startsWith('!')) return 'starts with !: a glob names the files that it is about';
  return undefined;
}

/**
 * Compiles globs without a fault; the test says whether a file is meant by any of them. `old/*.conf` is about such files in
 * any folder below `directory`, `/old/*.conf` only about those directly there. Without a directory `/` is the root of the
 * file system. A file that is not below the directory is compared with its whole path, and never meets a glob that starts
 * with `/`. What compiles is loaded with the first globs: few settings have any.
 */
export async function compileGlobs(globs: readonly string[], directory?: string): Promise<GlobTest> {
  const { default: picomatch } = await import('picomatch');
  const base = directory === undefined ? '/' : `${decoded(pathOf(directory)).replace(/\/$/, '')}/`;
  const tests = globs.map(glob => {
    const isAnchored = glob.startsWith('/');
    const matches = picomatch(isAnchored ? glob.slice(1) : glob.startsWith('**/') ? glob : `**/${glob}`, options);
    return (path: string, isBelow: boolean): boolean => (isBelow || !isAnchored) && matches(path);
  });
  return uri => {
    const path = decoded(pathOf(uri));
    const isBelow = path.startsWith(base);
    const rest = path.slice(isBelow ? base.length : 1);
    return tests.some(test => test(rest, isBelow));
  };
}

const options = { dot: true, noextglob: true, windows: false };

const wildcardsIn = (text: string): number => (text.match(/\*+|[?{[(]/g) ?? []).length;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
