import type { PackageVersions } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import type { Entry, Settings } from '../languages/vmConf/config.ts';
import { diskFamilies } from '../languages/vmConf/formats.ts';
import { own, subOf } from '../languages/vmConf/schema.ts';
import { schemaTable } from '../languages/vmConf/schemaTable.generated.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import { hasOneOf, traitNamed } from '../languages/vmConf/traits.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { type Span, tokenSpan } from '../text/span.ts';
import { isOlder } from '../values/version.ts';
import { versionsOf, type World } from '../workspace/world.ts';
import type { Finding, Rule } from './rule.ts';

/** What a check of the next start may look at. */
export interface Start {
  /** What the next cold start uses: pending changes applied; of a template its disks alone. */
  readonly settings: Settings;
  readonly file: SourceFile<VmConf>;
  readonly world: World;
  readonly versions: PackageVersions;
}

/** A rule about what happens when a VM is started next. */
export interface StartRule extends Pick<Rule, 'id' | 'severity' | 'examples'> {
  readonly docs: Omit<Rule['docs'], 'since'>;
  /** The qemu-server that brought the check; the rule is silent on a host that is known to be older. */
  readonly since?: string;
  /**
   * What the file must give for `find` to find anything, one of these: options, families, their sub-properties (`args`,
   * `hostpciN`, `cpu.hidden`).
   */
  readonly needs?: readonly string[];
  find(start: Start): Iterable<Finding>;
}

export const startRule = ({ id, severity, docs, since, examples, needs, find }: StartRule): Rule<VmConf> => ({
  id,
  severity,
  language: vmConf,
  docs: since === undefined ? docs : { ...docs, since: `qemu-server ${since}` },
  examples,
  ...(needs ? { mayFind: oneOf(needs) } : {}),
  check(file, world) {
    const start = startOf(file, world);
    return since !== undefined && isOlder(start.versions.qemuServer, since) ? [] : find(start);
  },
});

const asked = new Map<string, (file: SourceFile<VmConf>) => boolean>();

/** To be a rule's `mayFind`: true for a file that has one of these. The same function for the same needs. */
function oneOf(needs: readonly string[]): (file: SourceFile<VmConf>) => boolean {
  const name = needs.join(' ');
  const known = asked.get(name);
  if (known) return known;
  const traits = needs.map(traitNamed);
  const ask = (file: SourceFile<VmConf>): boolean => hasOneOf(file, traits);
  asked.set(name, ask);
  return ask;
}

/** Sub-properties of drives, EFI disk and TPM state, to be a rule's `needs`; not each of them has all. */
export const ofDisks = (...subs: readonly string[]): readonly string[] =>
  subs.flatMap(sub => diskFamilies.filter(family => hasSub(family, sub)).map(family => `${family}N.${sub}`));

const hasSub = (family: string, sub: string): boolean => {
  const schema = own(schemaTable.families, family);
  return schema !== undefined && subOf(schema, sub) !== undefined;
};

let last: Start | undefined;

/** The same for all rules that look at a file one after the other. */
function startOf(file: SourceFile<VmConf>, world: World): Start {
  if (last?.file !== file || last.world !== world) {
    last = { settings: settingsAtStart(file), file, world, versions: versionsOf(world, file) };
  }
  return last;
}

/** Where a sub-property's value stands; the entry's value where it is not given. */
export const atProperty = (entry: Entry, name: string): Span =>
  tokenSpan(entry.line, entry.properties.get(name)?.value ?? entry.value);

/** Where a whole `name=value` part stands; the entry's value where it is not given. */
export const atPart = (entry: Entry, name: string): Span =>
  tokenSpan(entry.line, entry.properties.get(name)?.part.whole ?? entry.value);

export const atValue = (entry: Entry): Span => tokenSpan(entry.line, entry.value);

export const atKey = (entry: Entry): Span => tokenSpan(entry.line, entry.node.key);

/** How most messages about the start end. */
export const noStart = 'The VM will not start.';

/** Where Proxmox's checks before a start were seen to do what a rule says. */
export const observed = (file: string): string => `qemu-server 9.2.6, PVE/${file}, observed`;

/** The same for what was only read. */
export const readIn = (file: string): string => `qemu-server 9.2.6, PVE/${file}`;
