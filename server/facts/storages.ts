import type { SourceFile } from '../languages/language.ts';
import { propertyOf } from '../languages/pciMapping/config.ts';
import { contentOf } from '../languages/storage/config.ts';
import { storage } from '../languages/storage/storage.ts';
import { type Span, tokenSpan } from '../text/span.ts';
import { filesOf, type World } from '../workspace/world.ts';

/** A storage of the cluster, as far as a VM's drives have to know it. */
export interface StorageFacts {
  readonly id: string;
  /** `undefined` where its type is not known. */
  readonly content: readonly string[] | undefined;
  /** Snapshots are volumes of their own (`snapshot-as-volume-chain`). */
  readonly hasVolumeChain: boolean;
  readonly uri: string;
  readonly span: Span;
}

const known = new WeakMap<SourceFile, ReadonlyMap<string, StorageFacts>>();

/** The storages of a file's site, by id; `undefined` where storage.cfg is not known. */
export function storagesNear(world: World, file: SourceFile): ReadonlyMap<string, StorageFacts> | undefined {
  const found = filesOf(world, storage).find(({ place }) => place.root === file.place.root);
  if (!found) return undefined;
  let storages = known.get(found);
  if (!storages) {
    storages = new Map(
      found.tree.sections.map(section => [
        section.id.text,
        {
          id: section.id.text,
          content: contentOf(found.tree, section),
          hasVolumeChain: propertyOf(found.tree, section, 'snapshot-as-volume-chain')?.value.text === '1',
          uri: found.uri,
          span: tokenSpan(section.header, section.id),
        },
      ]),
    );
    known.set(found, storages);
  }
  return storages;
}
