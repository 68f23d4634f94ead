import type { Token } from '../../text/span.ts';
import { splitList } from '../../values/kind.ts';
import { cpuFlags } from './cpu.ts';
import { type Property, propertiesOf } from './readProperties.ts';
import { type FoundOption, optionOf } from './schema.ts';
import { sinceOf } from './since.ts';
import type { VmLine } from './tree.ts';

/** Something in a line that a qemu-server before `since` does not know. */
export interface Newcomer {
  readonly token: Token;
  readonly since: string;
}

const known = new WeakMap<VmLine, readonly Newcomer[]>();

/**
 * The keys, sub-keys and values of a line that came with some version, computed once per line. Of what belongs together
 * (a sub-key and its value) it is the least that is newer than what stands around it.
 */
export function newcomersIn(node: VmLine): readonly Newcomer[] {
  let found = known.get(node);
  if (!found) {
    const option = node.kind === 'entry' ? optionOf(node.key.text) : undefined;
    found = option ? findNewcomers(node, option) : [];
    known.set(node, found);
  }
  return found;
}

function findNewcomers(node: VmLine, option: FoundOption): readonly Newcomer[] {
  const since = sinceOf(option);
  const key = since === undefined ? [] : [{ token: node.key, since }];
  if (option.schema.properties) {
    return [...key, ...[...propertiesOf(node, option.schema).values()].flatMap(one => ofProperty(one, option, since))];
  }
  // A word that no list of the schema has is a fault of its own, and a word without a version changes nothing here.
  const words = option.name === 'hotplug' ? splitList(node.value.text) : [node.value.text];
  const newest = words.map(value => sinceOf({ ...option, value })).find(one => one !== undefined && one !== since);
  return newest === undefined ? key : [...key, { token: node.value, since: newest }];
}

function ofProperty(
  { name, value, part }: Property,
  option: FoundOption,
  around: string | undefined,
): readonly Newcomer[] {
  const ofSub = sinceOf({ ...option, sub: name });
  if (ofSub !== undefined && ofSub !== around) {
    return [{ token: part.hasEquals ? part.key : value, since: ofSub }];
  }
  if (option.name === 'cpu' && name === 'flags') {
    return cpuFlags(value).flatMap(({ token }) => {
      const since = sinceOf({ ...option, sub: name, value: token.text });
      return since === undefined || since === ofSub ? [] : [{ token, since }];
    });
  }
  const ofValue = sinceOf({ ...option, sub: name, value: value.text });
  return ofValue === undefined || ofValue === ofSub ? [] : [{ token: value, since: ofValue }];
}
