import { type Position, span, tokenSpan, tokenTouches } from '../../text/span.ts';
import type { Description, Language, SourceFile, Suggestion, Surroundings } from '../language.ts';
import { describeModule } from '../modprobe/describeModule.ts';
import { modprobe } from '../modprobe/modprobe.ts';
import { suggestModules } from '../modprobe/suggestModules.ts';
import { canonicalName } from '../modprobe/tree.ts';
import { moduleFolds, moduleNames, moduleSymbols } from './outline.ts';
import { completeParameters } from './parameters.ts';
import { isForInitramfs, type ModuleList, parseModules } from './tree.ts';

/** Lists of modules to load: /etc/modules, modules-load.d and that of the initramfs. */
export const modules: Language<ModuleList> = {
  id: 'modules',
  name: 'list of modules',
  patterns: ['**/etc/modules', '**/modules-load.d/*.conf', '**/initramfs-tools/modules'],
  lineComment: '#',
  parse: parseModules,
  complete,
  hover,
  symbols: moduleSymbols,
  folds: moduleFolds,
  names: moduleNames,
};

type File = SourceFile<ModuleList>;

function complete(file: File, at: Position, around: Surroundings): readonly Suggestion[] {
  const node = file.tree.nodes[at.line];
  if (!node || node.kind === 'comment') return [];
  if (node.kind === 'blank' || at.column <= node.name.end) {
    const replace =
      node.kind === 'blank' || at.column < node.name.start
        ? span(at.line, at.column, at.column)
        : tokenSpan(at.line, node.name);
    const typed = node.name.text.slice(0, Math.max(0, at.column - node.name.start));
    return suggestModules(around, typed, replace);
  }
  return isForInitramfs(file) ? completeParameters(node, at, around) : [];
}

function hover({ tree }: File, at: Position, around: Surroundings): Description | undefined {
  const node = tree.nodes[at.line];
  if (node?.kind !== 'module' || !tokenTouches(node.name, at.column)) return undefined;
  const markdown = describeModule(canonicalName(node.name.text), around, around.siblings(modprobe));
  return { span: tokenSpan(at.line, node.name), markdown };
}
