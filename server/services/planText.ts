import { edited } from '../plans/change.ts';
import type { Made } from '../plans/makePlan.ts';
import type { Change } from '../plans/plan.ts';
import type { Edit, FileEdit } from '../text/edit.ts';
import { commonEnds, type Lines, toLines } from '../text/lines.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../text/markdown.ts';
import { compareSpans } from '../text/span.ts';

/** What a change does to one file, as lines. */
export interface FileChange {
  /** `/etc/modprobe.d/vfio.conf`. */
  readonly path: string;
  readonly isNew: boolean;
  /** `-` and `+` before each line. */
  readonly lines: readonly string[];
}

/** The files of a change with the lines that go and come. */
export function fileChanges({ before }: Pick<Made, 'before'>, change: Change): readonly FileChange[] {
  const uris = [...new Set(change.edits.map(({ uri }) => uri))];
  const known = uris.map(uri => {
    const lines = before.files.get(uri)?.lines ?? [''];
    const edits = change.edits.filter(edit => edit.uri === uri);
    return { path: pathOf(before, uri), isNew: false, lines: changedLines(lines, edits) };
  });
  if (!change.creates) return known;
  const { uri, text } = change.creates;
  const had = before.files.get(uri)?.lines;
  const after = toLines(text);
  const lines = had ? hunk(had, after) : after.slice(0, after.at(-1) === '' ? -1 : undefined).map(line => `+${line}`);
  return [...known, { path: pathOf(before, uri), isNew: true, lines }];
}

/** The whole plan as Markdown: changes by file, what to run, what to know. Text from files stays text. */
export function planMarkdown(made: Made, notes: readonly string[]): string {
  const { title, changes, commands } = made.plan;
  return paragraphs(
    `# ${escapeMarkdown(title)}`,
    changes.every(({ isOptional }) => isOptional) && 'No file has to be changed.',
    ...changes.map(change => changeMarkdown(made, change)),
    commands.length > 0 && '## Then run on the host\n\nOnce the files are in place there:',
    commands.length > 0 && commands.map(one => `1. ${inlineCode(one.command)} ${escapeMarkdown(one.why)}`).join('\n'),
    notes.length > 0 && '## Good to know',
    notes.length > 0 && notes.map(note => `- ${escapeMarkdown(note)}`).join('\n'),
  );
}

function changeMarkdown(made: Made, change: Change): string {
  const files = fileChanges(made, change).map(({ path, isNew, lines }) =>
    paragraphs(`${inlineCode(path)}${isNew ? ' (to be made)' : ''}`, fenced(lines)),
  );
  const optional = change.isOptional ? ' (optional)' : '';
  return paragraphs(`## ${escapeMarkdown(change.label)}${optional}`, escapeMarkdown(change.why), ...files);
}

/** A fence that is longer than any run of backticks in it. */
function fenced(lines: readonly string[]): string {
  const text = lines.map(line => line.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '\u{fffd}')).join('\n');
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}`;
}

const pathOf = ({ files }: Made['before'], uri: string): string =>
  files.get(uri)?.place.path ?? uri.slice(Math.max(0, uri.lastIndexOf('/etc/')));

/** Of each stretch of lines that edits touch: what goes, then what comes. */
function changedLines(lines: Lines, edits: readonly FileEdit[]): readonly string[] {
  return stretches(edits).flatMap(({ from, to, own }) => {
    const last = Math.min(to, lines.length - 1);
    const before = lines.slice(from, last + 1);
    const moved = own.map(edit => shifted(edit, from));
    return hunk(before, edited(before, moved));
  });
}

function hunk(before: Lines, after: Lines): readonly string[] {
  const { head, tail } = commonEnds(before, after);
  const gone = before.slice(head, before.length - tail);
  const come = after.slice(head, after.length - tail);
  // Behind an empty line it is the same to add lines and an empty one, or an empty one and lines; the latter reads better.
  const isEarly = gone.length === 0 && come.length > 1 && come.at(-1) === '' && before[head - 1] === '';
  const shown = isEarly ? ['', ...come.slice(0, -1)] : come;
  return [...gone.map(line => `-${line}`), ...shown.map(line => `+${line}`)];
}

interface Stretch {
  readonly from: number;
  to: number;
  readonly own: Edit[];
}

/** Edits that share a line belong together. */
function stretches(edits: readonly Edit[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const edit of [...edits].sort((a, b) => compareSpans(a.span, b.span))) {
    const last = found.at(-1);
    if (last && edit.span.line <= last.to) {
      last.own.push(edit);
      last.to = Math.max(last.to, edit.span.endLine);
    } else found.push({ from: edit.span.line, to: edit.span.endLine, own: [edit] });
  }
  return found;
}

const shifted = ({ span, text }: Edit, by: number): Edit => ({
  span: { ...span, line: span.line - by, endLine: span.endLine - by },
  text,
});
