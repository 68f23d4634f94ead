import type { PciFunction } from '../../host/inventory.ts';
import { usersOf } from '../facts/deviceUse.ts';
import { ctConf } from '../languages/ctConf/ctConf.ts';
import type { LanguageId, SourceFile } from '../languages/language.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { textOfProperty } from '../languages/vmConf/config.ts';
import { rules } from '../rules/index.ts';
import type { Report } from '../rules/rule.ts';
import { type OnCrash, type RuleSettings, ruleSet, runRules } from '../rules/run.ts';
import { type SectionConfig, sectionAt } from '../syntax/sectionConfig.ts';
import { siblingsOf } from '../workspace/world.ts';
import type { Scene, SceneFinding, Unit } from './scene.ts';
import { type StepId, stepOfRule } from './stepRules.ts';

/** How rules are run. */
export interface RuleRun {
  readonly settings?: RuleSettings;
  readonly onCrash: OnCrash;
}

const set = ruleSet(rules);

/** Files that say how a host starts and which driver takes which device. */
const hostLanguages: readonly LanguageId[] = ['modprobe', 'modules', 'kernel-cmdline', 'grub-default', 'sysfs-conf'];

type Around = Omit<Scene, 'findings'>;

/** What rules find in the VM, in the host's files, in the mappings that it uses and in containers with the same device. */
export function findingsOf(scene: Around, run: RuleRun): readonly SceneFinding[] {
  const { world, anchor, guest, units } = scene;
  const reportsIn = (file: SourceFile): readonly Report[] =>
    runRules(set, file, world, run.onCrash, run.settings).filter(
      report => stepOfRule(report.rule) !== undefined && !isAboutCensored(scene, file, report),
    );
  const hostFiles = [...world.files.values()].filter(
    file => hostLanguages.includes(file.place.language) && isOfHost(scene, file),
  );
  const own = reportsIn(anchor)
    .filter(({ rule }) => guest !== undefined || !betweenVms.has(stepOfRule(rule)))
    .map(report => {
      const ofLine = units.filter(unit => unit.line === report.span.line);
      return { file: anchor, report, units: ofLine.length > 0 ? ofLine : units };
    });
  const others = [...hostFiles, ...siblingsOf(world, anchor, pciMapping), ...containersOf(scene)].flatMap(file =>
    reportsIn(file)
      .map(report => ({ file, report, units: units.filter(unit => concerns(unit, file, report)) }))
      .filter(one => one.units.length > 0 || (isOfWholeHost(file) && scene.subject.kind === 'host')),
  );
  return [...own, ...others];
}

/** In the copies that a host sends along `***` stands for what must not leave it: nobody wrote that. */
const isAboutCensored = ({ isEditable }: Around, { uri, lines }: SourceFile, { span }: Report): boolean =>
  !isEditable(uri) && lines.slice(span.line, span.endLine + 1).some(line => line.includes('***'));

/** A VM of our own making competes with nobody. */
const betweenVms: ReadonlySet<StepId | undefined> = new Set<StepId>(['other-guests', 'migration']);

const isOfWholeHost = (file: SourceFile): boolean => hostLanguages.includes(file.place.language);

const isOfHost = ({ anchor }: Around, { place }: SourceFile): boolean =>
  place.root === anchor.place.root &&
  (place.node === undefined || anchor.place.node === undefined || place.node === anchor.place.node);

/** Containers that use a device which the VM takes. */
function containersOf({ world, anchor, units, subject }: Around): readonly SourceFile[] {
  if (subject.kind === 'host') return [];
  const uris = new Set(
    units
      .flatMap(unit => unit.functions)
      .flatMap(fn => usersOf(world, anchor, fn.address))
      .filter(({ by }) => by === 'container')
      .map(({ uri }) => uri),
  );
  return siblingsOf(world, anchor, ctConf).filter(({ uri }) => uris.has(uri));
}

/** Whether what was found in a file of the host has to do with a device. */
function concerns(unit: Unit, file: SourceFile, report: Report): boolean {
  const { functions } = unit;
  switch (file.place.language) {
    case 'pve-ct-conf':
      return report.rule === 'lxc/vm-takes-shared-gpu';
    case 'pve-mapping':
      return isOfUsedMapping(unit, file, report);
    case 'sysfs-conf':
      return asksForVfsOf(file, functions);
    case 'modprobe':
    case 'modules':
      return linesOf(file, report).some(line => namesDevice(line, functions));
    default:
      return true;
  }
}

const linesOf = (file: SourceFile, { rule, span }: Report): readonly string[] =>
  wholeFile.has(rule) ? file.lines : file.lines.slice(span.line, span.endLine + 1);

/** Rules whose finding on one line means all of them. */
const wholeFile: ReadonlySet<string> = new Set([
  'modprobe/not-conf',
  'modprobe/odd-name',
  'modprobe/carriage-return',
  'modules/byte-order-mark',
  'initramfs/stale',
  'initramfs/only-current-kernel',
]);

/** Ids of other devices, and modules that have nothing to do with these, are others' business. */
function namesDevice(line: string, functions: readonly PciFunction[]): boolean {
  const ids = line.toLowerCase().match(/\b[0-9a-f]{4}:[0-9a-f]{4}\b/g) ?? [];
  if (ids.length > 0) return ids.some(id => functions.some(fn => `${fn.vendorId}:${fn.deviceId}` === id));
  const words = new Set(line.replaceAll('-', '_').split(/\W+/));
  if ([...words].some(word => word.startsWith('vfio'))) return true;
  return functions.some(
    fn => fn.modules === undefined || [...fn.modules, fn.driver ?? ''].some(one => words.has(one.replaceAll('-', '_'))),
  );
}

/** The file of sysfsutils matters to virtual functions, and to nothing else that is passed on. */
function asksForVfsOf(file: SourceFile, functions: readonly PciFunction[]): boolean {
  const parents = functions.map(fn => fn.physicalFunction).filter(parent => parent !== undefined);
  return file.lines.some(line => parents.some(parent => line.includes(parent)));
}

function isOfUsedMapping({ entry }: Unit, file: SourceFile, report: Report): boolean {
  const name = textOfProperty(entry, 'mapping');
  return name !== undefined && sectionAt(file.tree as SectionConfig, report.span.line)?.id.text === name;
}
