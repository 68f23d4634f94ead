import type { Language, LanguageId, Place } from '../languages/language.ts';
import { intern } from '../text/intern.ts';

/**
 * Tells from a path alone what a file is: its language, the site it belongs to, its node and VM.
 * Works for URIs of any scheme and for plain paths, with `/` or `\`, on the host itself, in a copied tree and in a
 * repository with the trees of many hosts.
 */
export function placeOf(uri: string, languages: readonly Language[], languageId?: string): Place | undefined {
  const path = pathOf(uri);
  const language = languageOf(path, languages)?.id ?? byId(languages, languageId);
  if (!language) return undefined;
  const etc = path.lastIndexOf('/etc/');
  return {
    language,
    root: etc === -1 ? '' : intern(uri.slice(0, uri.length - (path.length - etc))),
    path: etc === -1 ? path.slice(path.lastIndexOf('/') + 1) : path.slice(etc),
    node: nodeOf(path),
    vmid: vmidOf(path),
  };
}

/** The path part of a URI or a plain path, with slashes, percent-decoded where it was a URI. */
export function pathOf(uri: string): string {
  const slashed = uri.replaceAll('\\', '/');
  const found = /^[a-z][a-z0-9+.-]+:\/\/[^/]*(.*)$/i.exec(slashed);
  return found ? (found[1] as string) : slashed.startsWith('/') ? slashed : `/${slashed}`;
}

let last: Language | undefined;

/** Neighbours are mostly of one language, and the patterns of languages are disjoint: the last one is asked first. */
function languageOf(path: string, languages: readonly Language[]): Language | undefined {
  const isOf = (language: Language): boolean => patternsOf(language).some(pattern => pattern.test(path));
  if (!last || !languages.includes(last) || !isOf(last)) last = languages.find(isOf);
  return last;
}

function byId(languages: readonly Language[], id: string | undefined): LanguageId | undefined {
  return languages.find(known => known.id === id)?.id;
}

function nodeOf(path: string): string | undefined {
  const name = /\/etc\/pve\/nodes\/([^/]+)\//.exec(path)?.[1];
  return name === undefined ? undefined : intern(name);
}

function vmidOf(path: string): number | undefined {
  const digits = /\/(?:qemu-server|lxc)\/([1-9][0-9]{2,8})\.conf$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const compiled = new WeakMap<Language, readonly RegExp[]>();

function patternsOf(language: Language): readonly RegExp[] {
  let patterns = compiled.get(language);
  if (!patterns) {
    patterns = language.patterns.map(toRegExp);
    compiled.set(language, patterns);
  }
  return patterns;
}

/**
 * Compiles one of our own glob patterns. They use only `**\/` at the start and `*` within a name, which is all that
 * package.json's `filenamePatterns` and this need to agree on.
 */
function toRegExp(pattern: string): RegExp {
  const body = pattern
    .replace(/^\*\*\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*');
  return new RegExp(`(?:^|/)${body}$`);
}
