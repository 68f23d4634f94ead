import { type Inventory, isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { membersOf, membersOfGroup } from '../facts/handovers.ts';
import { type Choice, choicesOf } from '../facts/passedDevices.ts';
import type { SourceFile } from '../languages/language.ts';
import { type Entry, property, textOfProperty } from '../languages/vmConf/config.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import type { Unit } from './scene.ts';

/** What each `hostpciN` line hands over. A mapping with alternatives is a unit for each of them. */
export const unitsOf = (world: World, file: SourceFile<VmConf>): readonly Unit[] =>
  settingsAtStart(file)
    .family('hostpci')
    .flatMap(entry => {
      const choices = choicesOf(world, file, entry) ?? [];
      return choices.length === 0 ? [emptyUnit(entry)] : choices.map((one, at) => unitOf(world, file, entry, one, at));
    });

/** The other functions of the unit's IOMMU groups that the VM does not get, bridges left out. */
export function companionsOf(inventory: Inventory, unit: Unit, units: readonly Unit[]): readonly PciFunction[] {
  const own = new Set(units.flatMap(({ functions }) => functions));
  const groups = new Set(unit.functions.map(fn => fn.iommuGroup).filter(group => typeof group === 'number'));
  return [...groups]
    .flatMap(group => membersOfGroup(inventory, group))
    .filter(fn => !own.has(fn) && !isPassiveMember(fn));
}

/** True for units with a display device. */
export const hasDisplay = (unit: Unit): boolean => unit.functions.some(isDisplay);

export const isDisplay = (fn: PciFunction): boolean => fn.classId?.startsWith('03') === true;

function unitOf(world: World, file: SourceFile<VmConf>, entry: Entry, choice: Choice, at: number): Unit {
  const inventory = inventoryOf(world, file);
  const functions = inventory ? choice.items.flatMap(item => membersOf(inventory, item)) : [];
  const [first] = choice.items;
  const written = first?.function ?? first?.slot ?? entry.value.text;
  const mapping = textOfProperty(entry, 'mapping');
  const through = mapping === undefined ? '' : ` by mapping ${mapping}${at === 0 ? '' : ` (choice ${at + 1})`}`;
  return {
    address: functions[0]?.address ?? written,
    label: `${entry.key}: ${choice.items.map(one => one.function ?? one.slot).join(';')}${through}`,
    functions,
    kind: kindOf(entry),
    entry,
    line: entry.line,
  };
}

const emptyUnit = (entry: Entry): Unit => ({
  address: textOfProperty(entry, 'mapping') ?? entry.value.text,
  label: `${entry.key}: ${entry.value.text}`,
  functions: [],
  kind: kindOf(entry),
  entry,
  line: entry.line,
});

const kindOf = (entry: Entry): Unit['kind'] => {
  if (property(entry, 'mdev')) return 'mediated';
  return textOfProperty(entry, 'driver') === 'keep' ? 'kept' : 'whole';
};
