import type { Suggestion, Surroundings } from '../language.ts';
import { configOf, type Settings } from './config.ts';
import type { ValueDocs, VmDocs } from './docs.ts';
import type { ValueSchema } from './schema.ts';
import { sinceOf, tooNewFor } from './since.ts';
import type { PartSlot, ScalarSlot } from './slot.ts';
import type { Target } from './suggest.ts';
import type { VmConf } from './tree.ts';

/** A wish for values at one place: of an option, or of a sub-property of one. */
export interface ValueRequest {
  /** What is replaced: the value, or the item of a list around the cursor. */
  readonly target: Target;
  /** `bios`, `hostpci.host`; families without their index. */
  readonly path: string;
  /** The value as a whole; equal to the target's text where it is no list. */
  readonly whole: string;
  readonly schema: ValueSchema;
  readonly about: ValueDocs | undefined;
  readonly docs: VmDocs;
  readonly slot: PartSlot | ScalarSlot;
  readonly tree: VmConf;
  readonly around: Surroundings;
}

/** Something that knows values from the file, the host or the files around. */
export type ValueSource = (request: ValueRequest) => readonly Suggestion[];

/** What the section of the request says: a snapshot's own settings, else what the next cold start uses. */
export function settingsOf({ tree, slot }: Pick<ValueRequest, 'tree' | 'slot'>): Settings {
  const config = configOf({ tree });
  return (slot.section.kind === 'snapshot' ? config.snapshots.get(slot.section.name) : undefined) ?? config.next;
}

/** The value of another part of the same property string. */
export function siblingText({ slot }: Pick<ValueRequest, 'slot'>, name: string): string | undefined {
  if (slot.kind !== 'part') return undefined;
  const { schema } = slot.option;
  const part = slot.parts.find(
    one => one !== slot.part && (one.hasEquals ? one.key.text === name : schema.defaultKey === name),
  );
  return part?.value.text;
}

/** Why the host is too old for a value; `undefined` where it is not. */
export function tooNewValue({ path, slot, around }: ValueRequest, value: string): string | undefined {
  const dot = path.indexOf('.');
  const sub = dot === -1 ? undefined : path.slice(dot + 1);
  const since = slot.option && sinceOf({ ...slot.option, sub, value });
  return tooNewFor(around.versions.qemuServer, since);
}
