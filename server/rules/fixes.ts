import type { Language, SourceFile } from '../languages/language.ts';
import { applyEdits, type FileEdit } from '../text/edit.ts';
import type { Span } from '../text/span.ts';
import type { World } from '../workspace/world.ts';
import type { Fix, Report } from './rule.ts';

/**
 * The edits of as many fixes as can be applied together, the first of two that touch the same place winning.
 * A fix is taken whole or not at all: half of one could leave a file worse than before.
 */
export const combine = (fixes: readonly Fix[]): readonly FileEdit[] => together(fixes).flatMap(fix => fix.edits);

/** The first fix of a finding that is right without a look. */
export const safeFixOf = (report: Report): Fix | undefined => report.fixes?.find(fix => fix.safe);

/** A finding with a safe fix. */
export interface Offer {
  /** The file that the finding is in. */
  readonly uri: string;
  readonly report: Report;
  readonly fix: Fix;
}

export interface MendedWorld {
  readonly world: World;
  /** What was applied, in that order; the spans are those of the text at that time. */
  readonly mended: readonly Offer[];
  /** What was not, and why: the fix reaches into a file that was not asked for, or brings an error that was not there. */
  readonly leftOut: readonly (Offer & { readonly why: 'outside' | 'error' })[];
  /** What is found in the files afterwards, by URI. */
  readonly reports: Reports;
  /** False where there was still something to fix after the last round. */
  readonly settled: boolean;
}

export interface MendOptions {
  /** The files to judge. */
  readonly uris: ReadonlySet<string>;
  /** Those of them that may be changed; all by default. */
  readonly changeable?: ReadonlySet<string>;
  readonly languages: readonly Language[];
  reportsOn(file: SourceFile, world: World): readonly Report[];
}

type Reports = ReadonlyMap<string, readonly Report[]>;

/** One fix can make room for another; more rounds than this are fixes that undo each other. */
const mostRounds = 10;

/**
 * Applies safe fixes until none is left. Each round applies all that can be applied together; what touches the same place
 * waits for the next. A fix by which a file would get an error that it did not have is left out: what was hidden until
 * then wants a look.
 */
export function mend(world: World, options: MendOptions): MendedWorld {
  const mended: Offer[] = [];
  const harmful = new Set<string>();
  let reports = judge(world, options);
  for (let round = 0; ; ) {
    const offers = offersIn(reports);
    const good = offers.filter(one => isInside(one, options) && !harmful.has(keyOf(one, world)));
    const settled = good.length === 0;
    if (settled || round === mostRounds) {
      const leftOut = offers
        .filter(one => !good.includes(one))
        .map(one => ({ ...one, why: isInside(one, options) ? ('error' as const) : ('outside' as const) }));
      return { world, mended, leftOut, reports, settled };
    }
    const chosen = new Set(together(good.map(one => one.fix)));
    const taken = good.filter(one => chosen.has(one.fix));
    const next = withFixes(world, taken, options.languages);
    const after = judge(next, options);
    if (hasMoreErrors(reports, after)) {
      for (const one of harmfulOf(taken, world, reports, options)) harmful.add(keyOf(one, world));
      continue;
    }
    round++;
    mended.push(...taken);
    world = next;
    reports = after;
  }
}

const judge = (world: World, { uris, reportsOn }: MendOptions): Reports =>
  new Map(
    [...uris].map(uri => {
      const file = world.files.get(uri);
      return [uri, file ? reportsOn(file, world) : []];
    }),
  );

const offersIn = (reports: Reports): readonly Offer[] =>
  [...reports].flatMap(([uri, list]) =>
    list.flatMap(report => {
      const fix = safeFixOf(report);
      return fix ? [{ uri, report, fix }] : [];
    }),
  );

const isInside = ({ fix }: Offer, { uris, changeable = uris }: MendOptions): boolean =>
  fix.edits.every(edit => changeable.has(edit.uri));

/** The same finding in the same line; line numbers change from round to round. */
const keyOf = ({ uri, report, fix }: Offer, world: World): string =>
  JSON.stringify([uri, report.rule, fix.title, world.files.get(uri)?.lines[report.span.line]]);

/** The offers without which no file gets a new error, found by halving. */
function harmfulOf(offers: readonly Offer[], world: World, before: Reports, options: MendOptions): readonly Offer[] {
  const after = judge(withFixes(world, offers, options.languages), options);
  if (!hasMoreErrors(before, after)) return [];
  if (offers.length === 1) return offers;
  const half = offers.length >> 1;
  const found = [offers.slice(0, half), offers.slice(half)].flatMap(part => harmfulOf(part, world, before, options));
  return found.length > 0 ? found : offers.slice(half);
}

function hasMoreErrors(before: Reports, after: Reports): boolean {
  const left = new Map<string, number>();
  const count = (reports: Reports, step: number): void => {
    for (const [uri, list] of reports) {
      for (const { rule, severity } of list) {
        if (severity === 'error') left.set(`${uri} ${rule}`, (left.get(`${uri} ${rule}`) ?? 0) + step);
      }
    }
  };
  count(before, -1);
  count(after, 1);
  return [...left.values()].some(more => more > 0);
}

function withFixes(world: World, offers: readonly Offer[], languages: readonly Language[]): World {
  const files = new Map(world.files);
  const byFile = new Map<string, FileEdit[]>();
  for (const edit of new Set(offers.map(one => one.fix).flatMap(fix => fix.edits))) {
    byFile.set(edit.uri, [...(byFile.get(edit.uri) ?? []), edit]);
  }
  for (const [uri, edits] of byFile) {
    const file = files.get(uri);
    const language = file && languages.find(({ id }) => id === file.place.language);
    if (!file || !language) continue;
    const lines = applyEdits(file.lines, edits);
    files.set(uri, { ...file, lines, tree: language.parse(lines, file.tree) });
  }
  return { ...world, files };
}

function together(fixes: readonly Fix[]): readonly Fix[] {
  const taken = new Map<string, FileEdit[]>();
  return fixes.filter(fix => {
    if (fix.edits.some(edit => taken.get(edit.uri)?.some(other => overlaps(other.span, edit.span)))) return false;
    for (const edit of fix.edits) taken.set(edit.uri, [...(taken.get(edit.uri) ?? []), edit]);
    return true;
  });
}

/** True where two stretches share a character or touch. */
export function overlaps(a: Span, b: Span): boolean {
  const before = (one: Span, other: Span): boolean =>
    one.endLine < other.line || (one.endLine === other.line && one.end < other.start);
  return !before(a, b) && !before(b, a);
}
