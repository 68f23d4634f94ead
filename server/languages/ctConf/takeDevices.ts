import type { Edit } from '../../text/edit.ts';
import type { Position } from '../../text/span.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import { entriesOf } from './config.ts';
import { nodeUses } from './devices.ts';
import { addLine } from './edits.ts';
import { ctOption } from './options.ts';
import { type CtConf, sectionAt } from './tree.ts';

/** A `devN` line for each device node that the functions have on the host and the section does not use yet. */
export function takeDevices(
  { tree }: SourceFile<CtConf>,
  at: Position,
  addresses: readonly string[],
  { inventory }: Surroundings,
): readonly Edit[] {
  const section = sectionAt(tree, at.line);
  const used = new Set([...nodeUses(tree, section)].map(({ path }) => path.text));
  const taken = new Set([...entriesOf(tree, section)].map(({ key }) => key.text));
  const lines: string[] = [];
  for (const { path, address } of inventory?.deviceNodes ?? []) {
    if (address === undefined || !addresses.includes(address) || used.has(path)) continue;
    const key = freeKey(taken);
    if (key === undefined) break;
    taken.add(key);
    lines.push(`${key}: ${path}`);
  }
  return lines.length === 0 ? [] : [addLine(tree, section, lines.join('\n'))];
}

function freeKey(taken: ReadonlySet<string>): string | undefined {
  let index = 0;
  while (taken.has(`dev${index}`)) index++;
  return ctOption(`dev${index}`) ? `dev${index}` : undefined;
}
