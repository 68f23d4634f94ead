import type { Lines } from '../../text/lines.ts';
import { configOf, textOfProperty } from './config.ts';
import { decodeNotes, encodeNotes, trimNotes } from './notes.ts';
import { repeatedBy } from './problems.ts';
import { isRefused, readLine, storedKeyOf, storedValue } from './read.ts';
import { optionOf } from './schema.ts';
import { disksOf, drivesOf } from './start.ts';
import { parseVmConf, type Section, type VmConf, type VmLine } from './tree.ts';

/**
 * The file as Proxmox's writer would write it: notes as `#` lines, keys sorted, then `[PENDING]`, special sections and
 * snapshots, a blank line before each; values as they are stored; without lines that another one overrides. Unlike the
 * writer it keeps every line that the reader refuses, behind the others of its section, and unknown sections at the end.
 * Writing it again changes nothing.
 * Source: qemu-server 9.2.6, PVE/QemuServer.pm write_vm_config, observed.
 */
export function formatVmConf(lines: Lines): string {
  const tree = parseVmConf(lines);
  const [main, ...others] = tree.sections;
  const first = main ? partsOfSection(main, tree) : [];
  const blocks = [
    first,
    ...namedBlocks(others, tree),
    ...others.filter(isUnknown).map(section => rawBlock(section, tree)),
  ];
  return blocks.map(block => block.map(line => `${line}\n`).join('')).join('\n');
}

type Block = readonly string[];

const isUnknown = (section: Section): boolean => section.kind === 'unknown';

/** Sections by kind and name. One that is repeated stays in front of the one that counts, with all it says. */
function namedBlocks(sections: readonly Section[], tree: VmConf): readonly Block[] {
  const blocks: Block[] = [];
  const written = new Set<Section>();
  for (const section of sections.filter(one => !isUnknown(one)).sort(bySortKey)) {
    const parts = partsOfSection(section, tree);
    const earlier = repeatedBy(tree, section);
    const isKept = parts.length > 0 || alwaysWritten(section) || (earlier !== undefined && written.has(earlier));
    if (!isKept) continue;
    written.add(section);
    blocks.push([headerOf(section), ...parts]);
  }
  return blocks;
}

/** Snapshots and the fleecing section are written even when there is nothing in them. */
const alwaysWritten = ({ kind, name }: Section): boolean =>
  kind === 'snapshot' || (kind === 'special' && name === 'fleecing');

const bySortKey = (a: Section, b: Section): number => {
  const [left, right] = [sortKey(a), sortKey(b)];
  return left < right ? -1 : left > right ? 1 : a.header - b.header;
};

const order = { main: '0', pending: '1', special: '2', snapshot: '3', unknown: '4' } as const;

const sortKey = ({ kind, name }: Section): string => order[kind] + (kind === 'pending' ? '' : name);

function headerOf({ kind, name }: Section): string {
  if (kind === 'pending') return '[PENDING]';
  return kind === 'special' ? `[special:${name}]` : `[${name}]`;
}

/** An unknown section as it is, without blank lines at its end. */
function rawBlock(section: Section, tree: VmConf): Block {
  const lines = tree.lines.slice(section.header, section.to).map(withoutReturn);
  while (lines.length > 1 && /^[ \t\r\f\v]*$/.test(lines.at(-1) as string)) lines.pop();
  return lines;
}

const withoutReturn = (line: string): string => line.replace(/\r+$/, '');

/** A refused line. Where a carriage return is all there is of a value, the line would be taken without it. */
const keptLine = (line: string, { value }: VmLine): string => (value.text === '\r' ? line : withoutReturn(line));

/** What a section holds: notes, sorted entries, and behind them what the reader refuses. */
function partsOfSection(section: Section, tree: VmConf): Block {
  const kept: string[] = [];
  const values = new Map<string, string>();
  let notes: string | undefined;
  section.body.forEach((node, offset) => {
    if (node.kind === 'comment') notes = `${notes ?? ''}${decodeNotes(node.value.text)}\n`;
    else if (node.kind === 'description') notes = (notes ?? '') + decodeNotes(node.value.text);
    else if (isStored(node, section)) values.set(storedKeyOf(node, section.kind), writtenValue(node, section));
    else if (isWorthKeeping(node)) kept.push(keptLine(tree.lines[section.from + offset] as string, node));
  });
  if (section.kind === 'main') {
    renameOldKeys(values);
    dropUsedAgain(values, tree);
  }
  // Notes are stored under the same key when the section ends, over what a `description:` of nothing but blanks left.
  if (notes !== undefined) values.delete('description');
  // What the last cloud-init image was made of is of no use without a cloud-init drive, and is not written then.
  if (isCloudInit(section) && !hasCloudInitDrive(tree)) return kept;
  const entries = [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}: ${value}`);
  return [...noteLines(notes, section.kind === 'pending'), ...entries, ...kept];
}

/** The writer takes double quotes off plain strings once more; all pairs go here, so that a second time changes nothing. */
function writtenValue(node: VmLine, section: Section): string {
  let value = storedValue(node, section.kind);
  const schema = section.kind === 'special' ? undefined : optionOf(node.key.text)?.schema;
  // A number beyond 64 bits is stored with an exponent, which the reader would refuse.
  if (schema?.type === 'integer' && value.includes('e')) return node.value.text;
  if (schema?.type !== 'string' || schema.format || schema.properties) return value;
  while (value.length > 1 && value.startsWith('"') && value.endsWith('"')) value = value.slice(1, -1);
  // Of `key: ` with nothing behind it a blank is read, so a blank is what stays.
  return value === '' ? ' ' : value;
}

function isStored(node: VmLine, section: Section): boolean {
  if (node.kind === 'snapstate') return section.kind !== 'main' && node.key.start === 0;
  const reading = readLine(node, section);
  return node.kind !== 'blank' && !(isRefused(reading, undefined) ?? false);
}

/** A lone `snapstate:` in the main section says nothing; one at the end of another line hides that line. */
const isWorthKeeping = (node: VmLine): boolean =>
  node.kind !== 'blank' && (node.kind !== 'snapstate' || node.key.start > 0);

/** `smp` is the old name of `sockets`, which counts where both are there; it stands for all cores, so `cores` goes too. */
function renameOldKeys(values: Map<string, string>): void {
  const smp = values.get('smp');
  const sockets = values.get('sockets') ?? '0';
  if (smp === undefined || (smp === '0' && sockets === '0')) return;
  values.delete('smp');
  if (sockets !== '0') return;
  values.set('sockets', smp);
  values.delete('cores');
}

/** An `unusedN` whose volume a drive has again. */
function dropUsedAgain(values: Map<string, string>, tree: VmConf): void {
  const { main, pending } = configOf({ tree });
  const disks = [...disksOf(main), ...(pending ? disksOf(pending) : [])];
  const used = new Set(disks.map(entry => textOfProperty(entry, 'file')));
  for (const [key, value] of values) if (key.startsWith('unused') && used.has(value)) values.delete(key);
}

/** Notes of nothing but blanks are written in `[PENDING]` only. */
function noteLines(notes: string | undefined, isPending: boolean): Block {
  if (notes === undefined) return [];
  const text = trimNotes(notes);
  if (text === '' || text === '0') return isPending ? ['#'] : [];
  return text.split('\n').map(line => `#${encodeNotes(line)}`);
}

const isCloudInit = ({ kind, name }: Section): boolean => kind === 'special' && name === 'cloudinit';

const hasCloudInitDrive = (tree: VmConf): boolean =>
  drivesOf(configOf({ tree }).main).some(entry =>
    /[:/](?:vm-[0-9]+-)?cloudinit(?:\.(?:raw|qcow2?|qed|vmdk|cloop))?$/.test(textOfProperty(entry, 'file') ?? ''),
  );
