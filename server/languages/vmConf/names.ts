import { type Token, tokenSpan } from '../../text/span.ts';
import { configId } from '../../values/names.ts';
import { parseVolumeId } from '../../values/volume.ts';
import type { NameKind, NameUse, SourceFile } from '../language.ts';
import { type FoundOption, optionOf } from './schema.ts';
import { subOfPart } from './slot.ts';
import { partsOf, perLine, type Section, type VmConf, type VmLine } from './tree.ts';

/** Names of mappings, storages and snapshots, wherever the file uses them or (snapshots) gives them their meaning. */
export function vmConfNames({ tree }: SourceFile<VmConf>): readonly NameUse[] {
  return tree.sections.flatMap(section => [...headerNames(tree, section), ...bodyNames(section)]);
}

function headerNames(tree: VmConf, section: Section): readonly NameUse[] {
  const header = tree.nodes[section.header];
  return section.kind === 'snapshot' && header ? [toUse(section.header, snapshot(header.key, 'definition'))] : [];
}

function bodyNames(section: Section): readonly NameUse[] {
  if (section.kind === 'unknown' || section.kind === 'special') return [];
  return section.body.flatMap((node, offset) => lineNames(node).map(name => toUse(section.from + offset, name)));
}

/** A name with its place in a line, whatever the line's number. */
interface LineName extends Omit<NameUse, 'span'> {
  readonly token: Token;
}

const toUse = (line: number, { token, ...name }: LineName): NameUse => ({ ...name, span: tokenSpan(line, token) });

const none: readonly LineName[] = [];

const lineNames = perLine<readonly LineName[]>(node => {
  const option = node.kind === 'entry' ? optionOf(node.key.text) : undefined;
  return option ? namesIn(node, option) : none;
});

function namesIn(node: VmLine, option: FoundOption): readonly LineName[] {
  if (option.name === 'parent') return validId(node.value) ? [snapshot(node.value, 'use')] : none;
  if (option.name === 'vmstatestorage') return [storage(node.value)];
  if (option.name === 'vmstate' || option.name === 'hookscript') return storageOf(node.value);
  if (!option.schema.properties) return none;
  return partsOf(node).flatMap(part => {
    const sub = subOfPart(option.schema, part);
    return sub ? partNames(option.name, sub.schema.alias ?? sub.name, part.value) : [];
  });
}

const mappingKinds: Readonly<Record<string, NameKind>> = {
  'hostpci.mapping': 'pci-mapping',
  'usb.mapping': 'usb-mapping',
  'virtiofs.dirid': 'dir-mapping',
};

function partNames(option: string, sub: string, value: Token): readonly LineName[] {
  const kind = mappingKinds[`${option}.${sub}`];
  if (kind) {
    return validId(value)
      ? [{ kind, name: value.text, role: 'use', token: value, scope: 'cluster', renamable: true }]
      : none;
  }
  return sub === 'file' || option === 'cicustom' ? storageOf(value) : none;
}

/** The storage in front of a volume's colon. */
function storageOf(value: Token): readonly LineName[] {
  const volume = parseVolumeId(value.text);
  if (!volume || value.text.startsWith('/')) return none;
  return [storage({ text: volume.storage, start: value.start, end: value.start + volume.storage.length })];
}

/** Renaming a storage would mean moving data, so its name is only linked. */
const storage = (token: Token): LineName => ({
  kind: 'storage',
  name: token.text,
  role: 'use',
  token,
  scope: 'cluster',
  renamable: false,
});

const snapshot = (token: Token, role: NameUse['role']): LineName => ({
  kind: 'snapshot',
  name: token.text,
  role,
  token,
  scope: 'file',
  renamable: true,
});

const validId = (token: Token): boolean => configId.check(token.text) === undefined;
