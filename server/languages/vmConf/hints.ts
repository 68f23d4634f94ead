import { deviceLabel } from '../../../host/inventory.ts';
import { readableBytes } from '../../text/markdown.ts';
import type { Position, Token } from '../../text/span.ts';
import { parseDiskSize } from '../../values/diskSize.ts';
import type { Hint, SourceFile, Surroundings } from '../language.ts';
import { configOf, type Entry } from './config.ts';
import { handedOver } from './hostDevices.ts';
import type { Section, VmConf } from './tree.ts';

/** The device behind an address or mapping, sizes in larger units, and dates of snapshots. */
export function vmConfHints(file: SourceFile<VmConf>, around: Surroundings): readonly Hint[] {
  const config = configOf(file);
  const current = [...config.main.entries(), ...(config.pending?.entries() ?? [])];
  return [
    ...current.flatMap(entry => [...deviceHints(entry, around), ...numberHints(entry)]),
    ...file.tree.sections.filter(section => section.kind === 'snapshot').flatMap(snapshotTime),
  ];
}

function deviceHints(entry: Entry, around: Surroundings): readonly Hint[] {
  if (entry.name !== 'hostpci' || entry.index === undefined) return [];
  return handedOver(entry, around).map(({ token, functions }) => {
    const [first, ...more] = functions;
    if (!first) return { at: behind(entry, token), label: 'not on this host' };
    const label = more.length > 0 ? `${deviceLabel(first)} +${more.length}` : deviceLabel(first);
    const tooltip = functions.map(fn => `${fn.address} ${deviceLabel(fn)}`).join('\n');
    return { at: behind(entry, token), label, tooltip };
  });
}

const mebibytes: Readonly<Record<string, string>> = {
  memory: 'current',
  ivshmem: 'size',
  vga: 'memory',
  balloon: '',
  numa: 'memory',
};

function numberHints(entry: Entry): readonly Hint[] {
  const name = entry.index === undefined && entry.name === 'numa' ? undefined : mebibytes[entry.name];
  const size = name === undefined ? undefined : name === '' ? entry.value : entry.properties.get(name)?.value;
  const label = size && mebibyteLabel(size.text);
  const disk = entry.properties.get('size')?.value;
  const diskLabel = disk && entry.name !== 'ivshmem' ? diskSizeLabel(disk.text) : undefined;
  return [
    ...(size && label ? [{ at: behind(entry, size), label }] : []),
    ...(disk && diskLabel ? [{ at: behind(entry, disk), label: diskLabel }] : []),
    ...(entry.name === 'meta' ? timeHint(entry.line, entry.properties.get('ctime')?.value) : []),
    ...rateHint(entry),
  ];
}

/** `16 GiB` for 16384; a number without a larger unit gets its own. */
function mebibyteLabel(text: string): string | undefined {
  if (!/^[0-9]{1,12}$/.test(text) || Number(text) === 0) return undefined;
  return Number(text) < 1024 ? 'MiB' : readableBytes(Number(text) * 1024 ** 2);
}

/** Only where the written unit does not say it: bytes, kibibytes, thousands of a unit. */
function diskSizeLabel(text: string): string | undefined {
  const bytes = parseDiskSize(text);
  if (bytes === undefined || bytes === 0) return undefined;
  const readable = readableBytes(bytes);
  return readable.replace(/ ([KMGT])iB$/, '$1') === text.replace(/iB$/, '') ? undefined : readable;
}

function rateHint(entry: Entry): readonly Hint[] {
  const rate = entry.name === 'net' ? entry.properties.get('rate')?.value : undefined;
  return rate && rate.text !== '' ? [{ at: behind(entry, rate), label: 'MB/s' }] : [];
}

/** Looks for the one line only: reading every line of every snapshot would be slow in long files. */
function snapshotTime(section: Section): readonly Hint[] {
  const offset = section.body.findIndex(node => node.key.text === 'snaptime');
  const node = section.body[offset];
  return node ? timeHint(section.from + offset, node.value) : [];
}

function timeHint(line: number, token: Token | undefined): readonly Hint[] {
  if (!token || !/^[0-9]{9,11}$/.test(token.text)) return [];
  const label = `${new Date(Number(token.text) * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [{ at: { line, column: token.end }, label }];
}

const behind = (entry: Entry, token: Token): Position => ({ line: entry.line, column: token.end });
