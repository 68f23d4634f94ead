import type { Token } from '../../text/span.ts';
import { splitList } from '../../values/kind.ts';
import { cpuFlags } from './cpu.ts';
import { type Property, propertiesOf } from './readProperties.ts';
import { type FoundOption, optionOf } from './schema.ts';
import { cameLater, sinceOf } from './since.ts';
import { perLine, type VmLine } from './tree.ts';

/** Something in a line that a qemu-server before `since` does not know. */
export interface Newcomer {
  readonly token: Token;
  readonly since: string;
}

const none: readonly Newcomer[] = [];

/**
 * The keys, sub-keys and values of a line that came with some version, computed once per line. Of what belongs together
 * (a sub-key and its value) it is the least that is newer than what stands around it.
 */
export const newcomersIn = perLine<readonly Newcomer[]>(node => {
  const option = node.kind === 'entry' ? optionOf(node.key.text) : undefined;
  return option ? findNewcomers(node, option) : none;
});

function findNewcomers(node: VmLine, option: FoundOption): readonly Newcomer[] {
  const since = sinceOf(option);
  const key = since === undefined ? none : [{ token: node.key, since }];
  if (option.schema.properties) {
    let found = key;
    for (const one of propertiesOf(node, option.schema).values()) {
      const own = ofProperty(one, option, since);
      if (own.length > 0) found = [...found, ...own];
    }
    return found;
  }
  if (!cameLater(option)) return key;
  // A word that no list of the schema has is a fault of its own, and a word without a version changes nothing here.
  const words = option.name === 'hotplug' ? splitList(node.value.text) : [node.value.text];
  const newest = words
    .map(value => sinceOf({ name: option.name, index: option.index, value }))
    .find(one => one !== undefined && one !== since);
  return newest === undefined ? key : [...key, { token: node.value, since: newest }];
}

function ofProperty(property: Property, { name, index }: FoundOption, around: string | undefined): readonly Newcomer[] {
  const { name: sub, part } = property;
  if (!cameLater({ name, index, sub })) return none;
  const { value } = property;
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
