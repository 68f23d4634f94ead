import type { SourceFile } from '../languages/language.ts';
import { propertyOf } from '../languages/pciMapping/config.ts';
import { type ConfigSection, parseSectionConfig, type SectionConfig } from '../syntax/sectionConfig.ts';
import { toLines } from '../text/lines.ts';
import { inventoryOf, type World } from '../workspace/world.ts';

/*
 * Files of the cluster that the collector brings along and that are in no language of ours: HA and backup jobs.
 */

/** How the HA manager looks after a guest. */
export interface HaResource {
  /** `started` where the file does not say it. */
  readonly state: string;
  /** The group of Proxmox VE 8 and older. */
  readonly group: string | undefined;
}

/** The HA resource of a guest's file; `undefined` where it has none, or nothing is known of HA. */
export function haResource(world: World, file: SourceFile): HaResource | undefined {
  const { vmid } = file.place;
  const config = vmid === undefined ? undefined : clusterFile(world, file, '/etc/pve/ha/resources.cfg');
  const section = config && sectionsOf(config).get(`vm ${vmid}`);
  if (!config || !section) return undefined;
  return { state: textOf(config, section, 'state') ?? 'started', group: textOf(config, section, 'group') };
}

/**
 * The only nodes on which HA may start a guest: those of a strict node affinity rule (Proxmox VE 9) or of a restricted
 * group (8 and older). `undefined`: it may take any node.
 */
export function haNodes(world: World, file: SourceFile): ReadonlySet<string> | undefined {
  const resource = haResource(world, file);
  if (!resource) return undefined;
  const rules = clusterFile(world, file, '/etc/pve/ha/rules.cfg');
  const rule = rules?.sections.find(
    section =>
      section.type.text === 'node-affinity' &&
      isSet(rules, section, 'strict') &&
      !isSet(rules, section, 'disable') &&
      listed(rules, section, 'resources').has(`vm:${file.place.vmid}`),
  );
  if (rules && rule) return nodesIn(rules, rule);
  const groups = clusterFile(world, file, '/etc/pve/ha/groups.cfg');
  const group = groups?.sections.find(({ type, id }) => type.text === 'group' && id.text === resource.group);
  return groups && group && isSet(groups, group, 'restricted') ? nodesIn(groups, group) : undefined;
}

/** The id of a backup job that covers a guest; `undefined` where there is none, or the jobs are not known. */
export function backupJobOf(world: World, file: SourceFile): string | undefined {
  const { vmid, node } = file.place;
  const jobs = vmid === undefined ? undefined : clusterFile(world, file, '/etc/pve/jobs.cfg');
  const job = jobs?.sections.find(section => {
    if (section.type.text !== 'vzdump' || textOf(jobs, section, 'enabled') === '0') return false;
    const onNode = textOf(jobs, section, 'node');
    if (onNode !== undefined && node !== undefined && onNode !== node) return false;
    if (isSet(jobs, section, 'all')) return !listed(jobs, section, 'exclude').has(String(vmid));
    return listed(jobs, section, 'vmid').has(String(vmid));
  });
  return job?.id.text;
}

const parsed = new Map<string, SectionConfig>();

/** A file below /etc/pve as the file's host, or another host of its cluster, had it. */
function clusterFile(world: World, file: SourceFile, path: string): SectionConfig | undefined {
  const own = inventoryOf(world, file)?.files.get(path);
  const near = world.snapshots.find(({ root, inventory }) => root === file.place.root && inventory.files.has(path));
  const text = (own ?? near?.inventory.files.get(path))?.text;
  if (text === undefined) return undefined;
  let config = parsed.get(text);
  if (!config) {
    if (parsed.size > 32) parsed.clear();
    config = parseSectionConfig(toLines(text), 'type: id');
    parsed.set(text, config);
  }
  return config;
}

const byId = new WeakMap<SectionConfig, ReadonlyMap<string, ConfigSection>>();

/** The sections of a file by type and id, the first of each. */
function sectionsOf(config: SectionConfig): ReadonlyMap<string, ConfigSection> {
  let sections = byId.get(config);
  if (!sections) {
    sections = new Map(
      config.sections.toReversed().map(section => [`${section.type.text} ${section.id.text}`, section]),
    );
    byId.set(config, sections);
  }
  return sections;
}

const lists = new WeakMap<ConfigSection, Map<string, ReadonlySet<string>>>();

/** The members of a list, which can name every guest of a cluster and is asked about each of them. */
function listed(config: SectionConfig, section: ConfigSection, key: string): ReadonlySet<string> {
  const known = lists.get(section) ?? new Map<string, ReadonlySet<string>>();
  lists.set(section, known);
  const members = known.get(key) ?? new Set(listOf(textOf(config, section, key)));
  known.set(key, members);
  return members;
}

const textOf = (config: SectionConfig, section: ConfigSection, key: string): string | undefined =>
  propertyOf(config, section, key)?.value.text;

/** A flag is set by 1, or by its bare name. */
const isSet = (config: SectionConfig, section: ConfigSection, key: string): boolean =>
  /^(?:1|yes|on|true|)$/i.test(textOf(config, section, key) ?? '0');

const listOf = (text: string | undefined): readonly string[] => (text ?? '').split(/[,; \t]+/);

/** `nodes pve1:2,pve2`: names, with a priority behind a colon. */
const nodesIn = (config: SectionConfig, section: ConfigSection): ReadonlySet<string> =>
  new Set(
    listOf(textOf(config, section, 'nodes'))
      .map(item => item.replace(/:.*/, ''))
      .filter(name => name !== ''),
  );
