import { type Token, token } from '../../text/span.ts';
import { type CtEntry, entriesOf, propertiesIn, rawEntriesOf } from './config.ts';
import type { CtConf, CtSection } from './tree.ts';

/** A place where a container names a device node of its host. */
export interface NodeUse {
  readonly entry: CtEntry;
  /** The path, as a token of the entry's line. */
  readonly path: Token;
  /** `dev`: a `devN` line; `mount`: a bind mount by `lxc.mount.entry`. */
  readonly by: 'dev' | 'mount';
  /** The container starts without the node too, and then does not have it. */
  readonly optional: boolean;
}

/** The parts of an `lxc.mount.entry` value, which is a line of an fstab. Missing ones are zero-width at the end. */
export interface MountEntry {
  readonly source: Token;
  readonly target: Token;
  readonly type: Token;
  readonly options: Token;
}

/** A rule of `lxc.cgroup2.devices.allow`; `undefined` numbers stand for `*`. */
export interface DeviceRule {
  readonly type: 'a' | 'b' | 'c';
  readonly major: number | undefined;
  readonly minor: number | undefined;
  /** The letters r, w, m. */
  readonly access: string;
}

/** Every device node below /dev that a section hands to the container. */
export function* nodeUses(tree: CtConf, section: CtSection): Generator<NodeUse> {
  for (const entry of entriesOf(tree, section)) {
    const path = /^dev[0-9]+$/.test(entry.key.text) ? propertiesIn(entry).get('path')?.value : undefined;
    if (path) yield { entry, path, by: 'dev', optional: false };
  }
  for (const entry of rawEntriesOf(tree, section)) {
    const mount = mountEntryOf(entry);
    if (!mount?.source.text.startsWith('/dev/')) continue;
    const optional = mount.options.text.split(',').includes('optional');
    yield { entry, path: mount.source, by: 'mount', optional };
  }
}

/** The fields of an `lxc.mount.entry`; `undefined` for other keys. */
export function mountEntryOf({ key, value }: CtEntry): MountEntry | undefined {
  if (key.text !== 'lxc.mount.entry') return undefined;
  const words = [...value.text.matchAll(/[^ \t]+/g)].map(({ 0: text, index }) => ({
    text,
    start: value.start + index,
    end: value.start + index + text.length,
  }));
  const none = token('', value.end, value.end);
  const [source = none, target = none, type = none, options = none] = words.map(word => ({ ...word }));
  return { source, target, type, options };
}

/**
 * Reads a rule as LXC does: `a`, or a type, a major and a minor number or `*`, and up to three of the letters r, w, m.
 * `undefined` means that LXC refuses it. Source: LXC, src/lxc/cgroups/cgfsng.c device_cgroup_rule_parse.
 */
export function parseDeviceRule(text: string): DeviceRule | undefined {
  if (text === 'a') return { type: 'a', major: undefined, minor: undefined, access: 'rwm' };
  const found = /^([abc])[ \t](\*|[0-9]{1,10}):(\*|[0-9]{1,10})[ \t]([rwm]{0,3})/.exec(text);
  if (!found) return undefined;
  const rest = text.slice(found[0].length);
  if (rest !== '' && (found[4] ?? '').length < 3) return undefined;
  const number = (digits: string | undefined): number | undefined => (digits === '*' ? undefined : Number(digits));
  return {
    type: found[1] as DeviceRule['type'],
    major: number(found[2]),
    minor: number(found[3]),
    access: found[4] ?? '',
  };
}

/** The numbers that a section lets the container use, beside those of its `devN` lines. */
export const deviceRules = (tree: CtConf, section: CtSection): readonly (DeviceRule | undefined)[] =>
  [...rawEntriesOf(tree, section)]
    .filter(({ key }) => key.text === 'lxc.cgroup2.devices.allow')
    .map(({ value }) => parseDeviceRule(value.text));

/** True where the rule is about character devices with this major number. */
export const covers = (rule: DeviceRule, major: number): boolean =>
  rule.type === 'a' || (rule.type === 'c' && (rule.major === undefined || rule.major === major));
