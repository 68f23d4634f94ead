import { commonEnds, fromLines, type Lines, toLines } from '../../text/lines.ts';
import type { Refactoring, SourceFile } from '../language.ts';
import { formatVmConf } from './format.ts';
import type { VmConf } from './tree.ts';

const formatted = new WeakMap<VmConf, string>();

/** The whole text as Proxmox writes it; computed once per version of the file. */
export function formattedVmConf({ tree, lines }: SourceFile<VmConf>): string {
  let text = formatted.get(tree);
  if (text === undefined) {
    text = formatVmConf(lines);
    formatted.set(tree, text);
  }
  return text;
}

/**
 * Sorts sections and keys, where the file has them in another order than Proxmox or writes values differently. Only the
 * lines that differ are replaced. Blank lines and line endings alone are the formatter's business.
 */
export function sortRefactoring(file: SourceFile<VmConf>): readonly Refactoring[] {
  const { lines } = file;
  const wanted = toLines(formattedVmConf(file));
  if (fromLines(contentOf(wanted)) === fromLines(contentOf(lines))) return [];
  const { head, tail } = commonEnds(lines, wanted);
  const fresh = wanted.slice(head, wanted.length - tail);
  return [
    {
      title: 'Sort as Proxmox VE writes it',
      kind: 'sort',
      edits: [replaceLines(file, head, lines.length - tail, fresh)],
    },
  ];
}

const contentOf = (lines: Lines): Lines => lines.map(line => line.trimEnd()).filter(line => line !== '');

/** Whole lines from `from` up to `to`. Where none of them follows, the line feed before them goes along. */
function replaceLines({ lines }: SourceFile, from: number, to: number, fresh: readonly string[]) {
  if (to < lines.length) {
    return { span: { line: from, start: 0, endLine: to, end: 0 }, text: fresh.map(line => `${line}\n`).join('') };
  }
  const end = { endLine: lines.length - 1, end: lines[lines.length - 1]?.length ?? 0 };
  if (from === 0) return { span: { line: 0, start: 0, ...end }, text: fromLines(fresh) };
  const before = lines[from - 1]?.length ?? 0;
  return { span: { line: from - 1, start: before, ...end }, text: fresh.map(line => `\n${line}`).join('') };
}
