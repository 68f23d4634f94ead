import { spanIn } from '../../syntax/wordLines.ts';
import type { Edit } from '../../text/edit.ts';
import { nearest } from '../../text/nearest.ts';
import { canonicalName, commands, type ModprobeLine, type ReadLine } from './tree.ts';

/** A change of a logical line: replaces the characters from `start` to `end` of its text. */
export interface Repair {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The change as an edit of the file. */
export const editOf = (node: ModprobeLine, where: Pick<Repair, 'start' | 'end'>, text: string): Edit => ({
  span: spanIn(node.line, where),
  text,
});

/** Byte order mark, zero-width characters, soft hyphen: characters that an editor does not show. */
const invisible = /[\ufeff\u200b-\u200f\u2060\u00ad]/g;
/** Blanks that are none to kmod. */
const oddBlanks = /[\u00a0\u2000-\u200a\u202f\u205f\u3000\v\f]/g;

/** True for what somebody meant as a comment, but that kmod takes for a line of its own. */
export const isMisplacedComment = (node: ReadLine): boolean =>
  node.kind === 'unknown' && /^(?:#|;|\/\/)/.test(node.command.text);

/** The line that was most likely meant by one that kmod cannot read. */
export function repairLine(node: ReadLine): Repair | undefined {
  if (node.kind !== 'unknown') return undefined;
  return repairComment(node) ?? repairInvisible(node) ?? repairKernelParameter(node) ?? repairCommand(node);
}

function repairComment(node: ReadLine): Repair | undefined {
  const mark = /^(?:#|;|\/\/)/.exec(node.command.text)?.[0];
  if (mark === undefined) return undefined;
  const title = mark === '#' ? 'Move the comment to the start of the line' : 'Make it a comment with #';
  return { title, start: 0, end: node.command.start + mark.length, text: '#' };
}

function repairInvisible(node: ReadLine): Repair | undefined {
  const { text, start, end } = node.command;
  const shown = text.replace(invisible, '').replace(oddBlanks, ' ').trim();
  const first = shown.split(' ')[0] ?? '';
  if (shown === text || (!isCommand(first) && !shown.startsWith('#') && shown !== '')) return undefined;
  return { title: 'Remove characters that cannot be seen', start: shown.startsWith('#') ? 0 : start, end, text: shown };
}

/** `modprobe.blacklist=a,b` and `vfio-pci.ids=…` belong on the kernel command line; here they are spelled otherwise. */
function repairKernelParameter(node: ReadLine): Repair | undefined {
  const { text, start, end } = node.command;
  const [, module, parameter, value] = /^([\w-]+)\.([\w-]+)=(.+)$/.exec(text) ?? [];
  if (module === undefined || parameter === undefined || value === undefined) return undefined;
  const isBlacklist = module === 'modprobe' && parameter === 'blacklist';
  const meant = isBlacklist
    ? value
        .split(',')
        .filter(Boolean)
        .map(name => `blacklist ${name}`)
        .join('\n')
    : `options ${module} ${parameter}=${value}`;
  return meant === '' ? undefined : { title: 'Write it as modprobe.d does', start, end, text: meant };
}

/** A misspelt command, or one that is stuck to its argument: `Options`, `black-list`, `blacklist=nouveau`. */
function repairCommand(node: ReadLine): Repair | undefined {
  const { text, start } = node.command;
  const [, word = '', glue = '', rest = ''] = /^([\w-]*)([=:]?)(.*)$/s.exec(text) ?? [];
  const plain = canonicalName(word).replaceAll('_', '').toLowerCase();
  const meant = isCommand(plain) ? plain : nearest(plain, commands, plain.length > 4 ? 2 : 1);
  const isWhole = rest === '' || glue !== '';
  if (meant === undefined || !isWhole) return undefined;
  const needsBlank = rest !== '';
  return {
    title: `Change to ${meant}`,
    start,
    end: start + word.length + glue.length,
    text: needsBlank ? `${meant} ` : meant,
  };
}

const isCommand = (word: string): boolean => (commands as readonly string[]).includes(word);
