import { Memo } from '../../text/memo.ts';
import type { Token } from '../../text/span.ts';
import type { Properties } from '../vmConf/readProperties.ts';
import { propertiesOf } from '../vmConf/readProperties.ts';
import { ctOption } from './options.ts';
import type { CtConf, CtLine, CtSection } from './tree.ts';

/** A line that says something of the container, in one section. */
export interface CtEntry {
  readonly line: number;
  readonly key: Token;
  readonly value: Token;
}

/** The lines of a section that set an option, in order; of a key that is there twice the last one counts. */
export function* entriesOf(tree: CtConf, section: CtSection): Generator<CtEntry> {
  yield* linesOf(tree, section, 'entry');
}

/** The lines of a section for LXC itself; the same key may stand many times, and each line counts. */
export function* rawEntriesOf(tree: CtConf, section: CtSection): Generator<CtEntry> {
  yield* linesOf(tree, section, 'raw');
}

/** The main section: what a container is started with. Pending changes and snapshots are other sections. */
export const mainSection = (tree: CtConf): CtSection => tree.sections[0] as CtSection;

/** The entry that is in force for a key in a section. */
export function entryOf(tree: CtConf, section: CtSection, key: string): CtEntry | undefined {
  return [...entriesOf(tree, section)].findLast(entry => entry.key.text === key);
}

/** Sub-properties by name, the default key resolved: `path` of `dev0: /dev/kfd`. Empty for a scalar. */
export function propertiesIn({ key, value }: CtEntry): Properties {
  const option = ctOption(key.text);
  return option?.schema.properties
    ? propertiesOf({ kind: 'entry', key, value, memo: new Memo() }, option.schema)
    : new Map();
}

function* linesOf(tree: CtConf, section: CtSection, kind: CtLine['kind']): Generator<CtEntry> {
  for (let line = section.from; line < section.to; line++) {
    const node = tree.nodes[line] as CtLine;
    if (node.kind === kind) yield { line, key: node.key, value: node.value };
  }
}
