import type { Storage } from '../../../host/inventory.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { propertyOf } from '../pciMapping/config.ts';
import { storageFiles, vmFiles } from './siblingFiles.ts';
import { suggest } from './suggest.ts';
import { settingsOf, type ValueRequest, type ValueSource } from './valueRequest.ts';

/** A storage as the host or storage.cfg tells of it. */
export interface KnownStorage {
  readonly id: string;
  /** `lvmthin · images, rootdir`. */
  readonly detail: string;
  readonly content: readonly string[] | undefined;
  /** Whole volume ids. */
  readonly volumes: readonly string[];
}

/** The storages of the host and of storage.cfg, each once; with a content type, those that may hold it. */
export function volumeStorages(around: Surroundings, content: string | undefined): readonly KnownStorage[] {
  const known = new Map<string, KnownStorage>();
  for (const file of around.siblings(storageFiles)) {
    for (const storage of storagesIn(file.tree)) known.set(storage.id, storage);
  }
  for (const storage of around.inventory?.storages ?? []) known.set(storage.id, fromHost(storage));
  return [...known.values()].filter(
    storage => content === undefined || storage.content === undefined || storage.content.includes(content),
  );
}

/**
 * Volumes for a drive: ISO images where the drive is a CD-ROM, else disks of this VM and storages to name one on. Which
 * volumes other VMs use is their business, so those are not offered.
 */
export function driveVolumes(request: ValueRequest): readonly Suggestion[] {
  const text = request.target.token.text;
  const { option } = request.slot;
  const canBeCdrom = option !== undefined && ['ide', 'sata', 'scsi', 'cdrom'].includes(option.name);
  const wantsIso = /:iso\//.test(text) || /(?:^|,)media=cdrom/.test(lineOf(request));
  return [
    ...(wantsIso ? [] : diskVolumes(request)),
    ...(canBeCdrom ? isoImages(request, mediaSuffix(request)) : []),
    ...(wantsIso ? [] : storageStarts(request, 'images', 30)),
    ...(canBeCdrom
      ? [
          suggest(request.target, 'none', 'value', {
            rank: wantsIso ? 20 : 40,
            insert: `none${mediaSuffix(request)}`,
            detail: 'empty CD-ROM drive',
          }),
        ]
      : []),
  ];
}

/** Snippets: scripts and cloud-init files, on storages that hold such. */
export const snippetVolumes: ValueSource = request => [
  ...volumeStorages(request.around, 'snippets').flatMap(storage =>
    storage.volumes
      .filter(volume => volume.includes(':snippets/'))
      .map(volume => suggest(request.target, volume, 'file', { rank: 10 })),
  ),
  ...volumeStorages(request.around, 'snippets')
    .filter(storage => storage.content !== undefined)
    .map(storage => start(request, `${storage.id}:snippets/`, storage.detail, 20)),
];

/** Disk images of this VM that no line uses yet. */
function diskVolumes(request: ValueRequest): readonly Suggestion[] {
  const vmid = vmidOf(request);
  const used = new Set(
    settingsOf(request)
      .entries()
      .filter(entry => entry.key !== request.slot.key)
      .map(entry => entry.properties.get('file')?.value.text),
  );
  return volumeStorages(request.around, 'images').flatMap(storage =>
    storage.volumes
      .filter(volume => vmid !== undefined && new RegExp(`[:/](?:vm|base)-${vmid}-`).test(volume) && !used.has(volume))
      .map(volume => suggest(request.target, volume, 'file', { rank: 10, detail: 'not attached' })),
  );
}

function isoImages(request: ValueRequest, suffix: string): readonly Suggestion[] {
  const storages = volumeStorages(request.around, 'iso');
  const images = storages.flatMap(storage => storage.volumes.filter(volume => volume.includes(':iso/')));
  return [
    ...images.map(volume =>
      suggest(request.target, volume, 'file', { rank: 20, insert: volume + suffix, detail: 'ISO image' }),
    ),
    ...storages
      .filter(storage => storage.content !== undefined)
      .map(storage => start(request, `${storage.id}:iso/`, storage.detail, 25)),
  ];
}

/** An ISO image is only accepted for a CD-ROM drive, so the line says that it is one. */
const mediaSuffix = (request: ValueRequest): string => (/,media=/.test(lineOf(request)) ? '' : ',media=cdrom');

const storageStarts = (request: ValueRequest, content: string, rank: number): readonly Suggestion[] =>
  volumeStorages(request.around, content).map(storage => start(request, `${storage.id}:`, storage.detail, rank));

/** The first half of a volume id; what follows is offered next. */
const start = (request: ValueRequest, label: string, detail: string, rank: number): Suggestion =>
  suggest(request.target, label, 'reference', { rank, detail, again: true });

const lineOf = ({ slot, tree }: ValueRequest): string => tree.lines[slot.line] ?? '';

const vmidOf = ({ around, tree }: ValueRequest): number | undefined =>
  around.siblings(vmFiles).find(file => file.tree === tree)?.place.vmid;

const fromHost = ({ id, type, content, volumes }: Storage): KnownStorage => ({
  id,
  detail: detailOf(type, content),
  content,
  volumes: (volumes ?? []).map(volume => (volume.startsWith(`${id}:`) ? volume : `${id}:${volume}`)),
});

const detailOf = (type: string | undefined, content: readonly string[] | undefined): string =>
  [type, content?.join(', ')].filter(Boolean).join(' · ');

const inFiles = new WeakMap<SectionConfig, readonly KnownStorage[]>();

function storagesIn(tree: SectionConfig): readonly KnownStorage[] {
  let storages = inFiles.get(tree);
  if (!storages) {
    storages = tree.sections
      .filter(section => propertyOf(tree, section, 'disable') === undefined)
      .map(section => {
        const content = propertyOf(tree, section, 'content')
          ?.value.text.split(',')
          .map(word => word.trim());
        return { id: section.id.text, detail: detailOf(section.type.text, content), content, volumes: [] };
      });
    inFiles.set(tree, storages);
  }
  return storages;
}
