import type { Token } from '../../text/span.ts';
import { splitList } from '../../values/kind.ts';
import { cpuFlags } from './cpu.ts';
import { type Property, propertiesOf } from './readProperties.ts';
import { type FoundOption, optionOf } from './schema.ts';
import { sinceOf } from './since.ts';
import { perLine, type VmLine } from './tree.ts';

/** Something in a line that a qemu-server before `since` does not know. */
export interface Newcomer {
  readonly token: Token;
  readonly since: string;
}

/**
 * The keys, sub-keys and values of a line that came with some version, computed once per line. Of what belongs together
 * (a sub-key and its value) it is the least that is newer than what stands around it.
 */
export const newcomersIn = perLine<readonly Newcomer[]>(node => {
  const option = node.kind === 'entry' ? optionOf(node.key.text) : undefined;
  return option ? findNewcomers(node, option) : [];
});

function findNewcomers(node: VmLine, option: FoundOption): readonly Newcomer[] {
  const since = sinceOf(option);
  const key = since === undefined ? [] : [{ token: node.key, since }];
  if (option.schema.properties) {
    const found: Newcomer[] = [...key];
    for (const one of propertiesOf(node, option.schema).values()) found.push(...ofProperty(one, option, since));
    return found;
  }
  // A word that no list of the schema has is a fault of its own, and a word without a version changes nothing here.
  const words = option.name === 'hotplug' ? splitList(node.value.text) : [node.value.text];
  const newest = words
    .map(value => sinceOf({ name: option.name, index: option.index, value }))
    .find(one => one !== undefined && one !== since);
  return newest === undefined ? key : [...key, { token: node.value, since: newest }];
}

function ofProperty(
  { name: sub, value, part }: Property,
  { name, index }: FoundOption,
  around: string | undefined,
): readonly Newcomer[] {
  const ofSub = sinceOf({ name, index, sub });
  if (ofSub !== undefined && ofSub !== around) {
    return [{ token: part.hasEquals ? part.key : value, since: ofSub }];
  }
  if (name === 'cpu' && sub === 'flags') {
    return cpuFlags(value).flatMap(({ token }) => {
      const since = sinceOf({ name, index, sub, value: token.text });
      return since === undefined || since === ofSub ? [] : [{ token, since }];
    });
  }
  const ofValue = sinceOf({ name, index, sub, value: value.text });
  return ofValue === undefined || ofValue === ofSub ? none : [{ token: value, since: ofValue }];
}

const none: readonly Newcomer[] = [];
