import { emptyInventory, type Inventory } from './inventory.ts';
import { sectionFormats } from './snapshotFormat.ts';
import { formatVersion, readSnapshotText, type Section, type SnapshotText } from './snapshotText.ts';
import type { Draft } from './snapshotValues.ts';

/** No more gaps than this are told one by one, of one section and of all. */
const gapsPerSection = 5;
const gapsInAll = 100;

/**
 * Reads what `collect.sh` or `renderSnapshot` wrote. Pure; never throws; linear in the length of the text. What cannot be
 * read (a section that the host refused, a key of a newer collector, a text that was cut) is named in `gaps`.
 */
export function parseSnapshot(text: string): Inventory {
  const draft: Draft<Inventory> = { ...emptyInventory };
  const snapshot = readSnapshotText(text);
  const gaps = [...gapsOfWhole(snapshot)];
  const seen = new Set<string>();
  for (const section of snapshot.sections) {
    if (seen.has(section.name)) gaps.push(`${section.name}: stands here twice; the first one counts`);
    else gaps.push(...readSection(section, draft));
    seen.add(section.name);
  }
  return { ...draft, gaps: [...draft.gaps, ...limited(gaps)] };
}

/** Whether the text has a snapshot's first line, perhaps below what a login prints. */
export const isSnapshot = (text: string): boolean => readSnapshotText(text).version !== undefined;

function* gapsOfWhole({ version, sections, ended }: SnapshotText): Generator<string> {
  if (version === undefined) return yield 'This is not a snapshot: no line says "hostpci snapshot 1".';
  if (version > formatVersion)
    yield `The snapshot has format ${version}; only what format ${formatVersion} has was read.`;
  if (!ended) yield `The snapshot was cut${sections.length ? ` in its section "${sections.at(-1)!.name}"` : ''}.`;
}

/** Puts one section into the draft and returns the gaps it leaves. */
function readSection(section: Section, draft: Draft<Inventory>): string[] {
  const gaps = statusGap(section);
  const format = sectionFormats.find(({ name }) => name === section.name);
  if (!format) return [...gaps, `The section "${section.name}" is unknown here; a newer version may read it.`];
  if (section.status === 'unreadable' || section.status === 'absent') return gaps;
  if (section.cut && !format.usableInPart) return [...gaps, `${section.name}: incomplete, and therefore not used`];
  const problems = new Set(section.stray.map(line => `"${line.trim()}" is not understood`));
  format.read(section, draft, problem => problems.add(problem));
  const remarks = summary(section.name, section.remarks, 'more things are missing');
  return [...gaps, ...remarks, ...summary(section.name, [...problems], 'more lines are not understood')];
}

function statusGap({ name, status, reason }: Section): string[] {
  if (status === 'unreadable') return [`${name}: could not be read${reason && ` (${reason})`}`];
  return status === 'partly' && reason ? [`${name}: incomplete (${reason})`] : [];
}

function summary(section: string, items: readonly string[], others: string): string[] {
  const told = items.slice(0, gapsPerSection).map(item => `${section}: ${shortened(item)}`);
  const rest = items.length - told.length;
  return rest > 0 ? [...told, `${section}: ${rest} ${others}`] : told;
}

const limited = (gaps: readonly string[]): readonly string[] =>
  gaps.length > gapsInAll ? [...gaps.slice(0, gapsInAll), `${gaps.length - gapsInAll} more gaps`] : gaps;

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
