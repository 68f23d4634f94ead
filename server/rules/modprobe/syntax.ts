import { isReadFile } from '../../languages/modprobe/config.ts';
import { linesRead, mayHave } from '../../languages/modprobe/linesRead.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { editOf, isMisplacedComment, repairLine } from '../../languages/modprobe/repair.ts';
import { kmodMajor, type ModprobeTree, type ReadLine } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import type { Token } from '../../text/span.ts';
import { versionsOf } from '../../workspace/world.ts';
import { safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const syntax: Rule<ModprobeTree> = {
  id: 'modprobe/syntax',
  severity: 'error',
  language: modprobe,
  docs: {
    what: 'A line that kmod refuses: a command with too few words, brackets that do not match, a comment that does not start in the first column, a line with nothing but a carriage return.',
    why: 'kmod writes a message about a bad line, which nobody sees at boot, and goes on as if the line were not there.',
    source: 'kmod 30 and 34.2, libkmod-config.c, kmod_config_parse; observed',
  },
  examples: [
    { bad: '«options vfio-pci»\n', good: 'options vfio-pci ids=10de:1b80\n' },
    { bad: '  «#» for the GPU\n', fixed: '# for the GPU\n', good: '# for the GPU\n' },
    { bad: 'alias «snd[0-9» snd_hda_intel\n', good: 'alias snd[0-9] snd_hda_intel\n' },
  ],
  mayFind: ({ tree }) => mayHave(tree, isFaulty),
  *check(file, world) {
    if (!isReadFile(file.place.path)) return;
    const kmod = kmodMajor(versionsOf(world, file).kmod);
    for (const node of linesRead(file.tree, kmod, isFaulty)) {
      const fault = faultOf(node);
      if (!fault) continue;
      const repair = repairLine(node);
      const fixes =
        repair && isMisplacedComment(node) ? [safeFixIn(file, repair.title, editOf(node, repair, repair.text))] : [];
      yield { span: spanIn(node.line, fault.where), message: fault.message, fixes };
    }
  },
};

interface Fault {
  readonly where: Pick<Token, 'start' | 'end'>;
  readonly message: string;
}

const wanted = {
  alias: 'a name and a module',
  blacklist: 'a module',
  options: 'a module and its parameters',
  install: 'a module and a command',
  remove: 'a module and a command',
  softdep: 'a module and what to load before or after it',
  weakdep: 'a module and others',
};

const isFaulty = (node: ReadLine): boolean => faultOf(node) !== undefined;

function faultOf(node: ReadLine): Fault | undefined {
  const { command, name, rest, line } = node;
  if (isMisplacedComment(node)) {
    const blanks = command.text.startsWith('#') ? 'A comment starts in the first column' : 'Only # starts a comment';
    return {
      where: { start: command.start, end: command.start + 1 },
      message: `${blanks}: kmod takes this for a bad line.`,
    };
  }
  if (node.kind === 'unknown' && command.text === '\r') {
    const message = 'This line is not empty: the carriage return of its Windows line end makes it a bad line for kmod.';
    return { where: { start: 0, end: line.text.length }, message };
  }
  if (!node.fault) return undefined;
  if (node.fault === 'bracket') {
    const isTarget = node.kind === 'alias' && !/[[\]]/.test(name.text);
    return {
      where: isTarget ? rest : name,
      message: 'The brackets in this name do not match, so kmod ignores the line.',
    };
  }
  const end = Math.max(command.end, name.end - (name.text === '' ? name.text.length : 0));
  const where = { start: command.start, end: name.text === '' ? command.end : end };
  return {
    where,
    message: `"${command.text}" wants ${wanted[node.kind as keyof typeof wanted]}; kmod ignores the line.`,
  };
}
