import { escapeMarkdown, inlineCode, paragraphs } from '../../text/markdown.ts';
import type { Suggestion } from '../language.ts';
import type { MappingKind } from '../pciMapping/config.ts';
import { volumeStorages } from './completeVolume.ts';
import { configOf } from './config.ts';
import { bootFamilies } from './formats.ts';
import { isHere, type Mapping, mappingsAround } from './mappings.ts';
import { vmFiles } from './siblingFiles.ts';
import { suggest } from './suggest.ts';
import { settingsOf, type ValueRequest, type ValueSource } from './valueRequest.ts';

/** Resource mappings of the cluster; those that mean nothing on this node come last. */
export const mappingIds =
  (kind: MappingKind): ValueSource =>
  request =>
    mappingsAround(request.around, kind).map(mapping => {
      const here = mapping.entries.filter(entry => isHere(entry, request.around));
      return suggest(request.target, mapping.id, 'reference', {
        rank: here.length > 0 ? 10 : 20,
        detail: here.length > 0 ? here.map(entry => entry.path ?? '').join(', ') : 'not on this node',
        note: mapping.description ?? '',
        documentation: describeMapping(mapping),
      });
    });

/** A mapping with what it means on each node, as Markdown. */
export const describeMapping = (mapping: Mapping): string =>
  paragraphs(
    `**${escapeMarkdown(mapping.id)}**`,
    mapping.description && escapeMarkdown(mapping.description),
    mapping.entries
      .map(entry => `- ${escapeMarkdown(entry.node ?? 'any node')}: ${inlineCode(entry.path ?? '?')}`)
      .join('\n'),
  );

const bootRanks: Readonly<Record<string, number>> = {
  scsi: 10,
  virtio: 11,
  sata: 12,
  ide: 13,
  hostpci: 20,
  net: 30,
  usb: 31,
};

/** The devices of this VM that can be booted from and are not in the list yet. */
export function bootDevices(request: ValueRequest): readonly Suggestion[] {
  const listed = request.whole.split(/[;, ]/).filter(item => item !== request.target.token.text);
  return settingsOf(request)
    .entries()
    .filter(entry => entry.index !== undefined && bootFamilies.has(entry.name) && !listed.includes(entry.key))
    .map(entry =>
      suggest(request.target, entry.key, 'reference', {
        rank: bootRanks[entry.name] ?? 40,
        detail: entry.value.text,
      }),
    );
}

/** Disks of this VM, for the old `bootdisk`. */
export const disks = (request: ValueRequest): readonly Suggestion[] =>
  ['scsi', 'virtio', 'sata', 'ide']
    .flatMap(name => settingsOf(request).family(name))
    .map(entry => suggest(request.target, entry.key, 'reference', { detail: entry.value.text }));

/** Keys of the main section that `delete:` may name. */
export function deletableKeys(request: ValueRequest): readonly Suggestion[] {
  const listed = request.whole.split(/[,; ]/).filter(item => item !== request.target.token.text);
  return configOf({ tree: request.tree })
    .main.entries()
    .filter(entry => !listed.includes(entry.key))
    .map(entry => suggest(request.target, entry.key, 'reference', { detail: entry.value.text }));
}

/** Names of the snapshots in this file, but not that of the section itself. */
export const snapshotNames = ({ tree, slot, target }: ValueRequest): readonly Suggestion[] =>
  tree.sections
    .filter(section => section.kind === 'snapshot' && section !== slot.section)
    .map(section => suggest(target, section.name, 'reference', { detail: 'snapshot' }));

/** Tags that other VMs have. */
export function knownTags(request: ValueRequest): readonly Suggestion[] {
  const listed = new Set(splitTags(request.whole));
  const counts = new Map<string, number>();
  for (const file of request.around.siblings(vmFiles)) {
    for (const tag of splitTags(configOf(file).main.entry('tags')?.value.text ?? '')) {
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([tag]) => tag === request.target.token.text || !listed.has(tag))
    .map(([tag, count]) =>
      suggest(request.target, tag, 'value', {
        rank: 500 - Math.min(count, 400),
        detail: `on ${count} VM${count > 1 ? 's' : ''}`,
      }),
    );
}

export const bridges = ({ around, target }: ValueRequest): readonly Suggestion[] =>
  (around.inventory?.bridges ?? []).map(bridge =>
    suggest(target, bridge.name, 'reference', { detail: bridge.ports.join(' ') }),
  );

/** Storages that can hold what the option asks for. */
export const storageIds = (request: ValueRequest): readonly Suggestion[] =>
  volumeStorages(request.around, undefined).map(storage =>
    suggest(request.target, storage.id, 'reference', { detail: storage.detail }),
  );

const splitTags = (text: string): readonly string[] => text.split(/[,; \t]+/).filter(tag => tag !== '');
