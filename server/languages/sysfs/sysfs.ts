import { deviceLabel, functionAt } from '../../../host/inventory.ts';
import { span, tokenSpan } from '../../text/span.ts';
import type { Fold, Hint, Language, SourceFile, Surroundings, SymbolNode } from '../language.ts';
import { completeSysfs } from './complete.ts';
import { describeSysfs } from './hover.ts';
import { pathOf } from './paths.ts';
import { parseSysfs, type SysfsTree } from './tree.ts';

/** /etc/sysfs.conf and /etc/sysfs.d: values that sysfsutils writes into /sys at boot. */
export const sysfs: Language<SysfsTree> = {
  id: 'sysfs-conf',
  name: 'sysfs settings',
  patterns: ['**/etc/sysfs.conf', '**/sysfs.d/*.conf'],
  lineComment: '#',
  parse: parseSysfs,
  complete: completeSysfs,
  hover: describeSysfs,
  symbols,
  folds,
  hints,
};

function symbols(file: SourceFile<SysfsTree>): readonly SymbolNode[] {
  return file.tree.lines
    .filter(line => line.kind === 'setting' && line.path.text !== '')
    .map(line => ({
      name: line.path.text,
      ...(line.value.text === '' ? {} : { detail: line.value.text }),
      kind: pathOf(line).addresses.length > 0 ? 'device' : 'key',
      span: span(line.line, Math.min(line.keyword.start, line.path.start), Math.max(line.path.end, line.value.end)),
      nameSpan: tokenSpan(line.line, line.path),
    }));
}

/** Blocks of comments. */
function folds(file: SourceFile<SysfsTree>): readonly Fold[] {
  const found: Fold[] = [];
  let from = -1;
  for (let line = 0; line <= file.tree.lines.length; line++) {
    const isComment = file.tree.lines[line]?.kind === 'comment';
    if (isComment && from === -1) from = line;
    if (isComment || from === -1) continue;
    if (line - 1 > from) found.push({ from, to: line - 1, kind: 'comment' });
    from = -1;
  }
  return found;
}

/** The name of the device behind each address. */
function hints(file: SourceFile<SysfsTree>, { inventory }: Surroundings): readonly Hint[] {
  if (!inventory) return [];
  return file.tree.lines.flatMap(line =>
    line.kind !== 'setting'
      ? []
      : pathOf(line).addresses.flatMap(({ token, address }) => {
          const fn = functionAt(inventory, address);
          return fn ? [{ at: { line: line.line, column: token.end }, label: deviceLabel(fn) }] : [];
        }),
  );
}
