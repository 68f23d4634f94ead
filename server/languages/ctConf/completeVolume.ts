import { parseVolumeId } from '../../values/volume.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { contentOf } from '../storage/config.ts';
import { storage } from '../storage/storage.ts';
import { maybe, suggest, type Target } from '../vmConf/suggest.ts';

/** Volumes of this container, and storages that can hold such: from the host and from storage.cfg, each once. */
export function volumes(
  target: Target,
  around: Surroundings,
  content: string,
  ctid: number | undefined,
): readonly Suggestion[] {
  const known = around.inventory?.storages ?? [];
  const own = known
    .flatMap(({ volumes }) => volumes ?? [])
    .filter(volume => (content === 'snippets' ? /:snippets\//.test(volume) : isOf(volume, ctid)));
  const details = new Map<string, string | undefined>();
  for (const file of around.siblings(storage)) {
    for (const section of file.tree.sections) {
      const kinds = contentOf(file.tree, section);
      if (!kinds || kinds.includes(content)) details.set(section.id.text, section.type.text);
    }
  }
  for (const one of known) if (!one.content || one.content.includes(content)) details.set(one.id, one.type);
  return [
    ...own.map(volume => suggest(target, volume, 'file', { rank: 10 })),
    ...[...details].map(([id, type]) =>
      suggest(target, `${id}:`, 'reference', { rank: 50, again: true, ...maybe('detail', type) }),
    ),
  ];
}

/** True for volumes whose name says that they are this container's. */
function isOf(volume: string, ctid: number | undefined): boolean {
  const name = parseVolumeId(volume)?.name ?? '';
  return ctid !== undefined && new RegExp(`(?:^|/)(?:vm|subvol|basevol)-${ctid}-`).test(name);
}
