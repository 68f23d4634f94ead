import { vmLabel } from '../facts/deviceUse.ts';
import { nodeMappings } from '../facts/passedDevices.ts';
import { configOf, type Entry, isFlagOn, isTemplate, stored, textOfProperty } from '../languages/vmConf/config.ts';
import { displayOf, machineOf } from '../languages/vmConf/machine.ts';
import { memoryOf } from '../languages/vmConf/memory.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import { lineOf, shortPath } from './evidence.ts';
import type { Evidence, Stage } from './readiness.ts';
import { romDraft } from './rom.ts';
import type { Scene } from './scene.ts';
import { type Draft, failed, passed, skipped, stage, step, unknown, warning } from './step.ts';
import { hasDisplay, isDisplay } from './units.ts';

/** The VM's own configuration, as its next start reads it. */
export function guestStage(scene: Scene): Stage {
  return stage('guest', vmLabel(scene.anchor), [
    step(scene, 'guest-devices', 'Its lines about devices are in force', devices(scene)),
    step(scene, 'mapping', 'Its mappings mean a device of this host', mapping(scene)),
    step(scene, 'machine', 'The machine type suits the device', machine(scene)),
    step(scene, 'guest-firmware', 'The firmware of the guest suits the device', firmware(scene)),
    step(scene, 'rom', "The firmware of the guest can use the card's ROM", romDraft(scene)),
    step(scene, 'display', 'There is a way to see the guest', display(scene)),
    step(scene, 'guest-cpu', 'The CPU of the guest suits the device', cpu(scene)),
    step(scene, 'guest-memory', 'Its memory can be pinned', memory(scene)),
    step(scene, 'guest-lines', 'Nothing else keeps it from starting', lines(scene)),
  ]);
}

const lineOfEntry = (scene: Scene, entry: Entry | undefined): readonly Evidence[] =>
  entry ? [lineOf(scene.anchor, entry.line)] : [];

function devices(scene: Scene): Draft {
  const { anchor } = scene;
  if (isTemplate(configOf(anchor))) return skipped('It is a template: it is never started with its devices.');
  const entries = settingsAtStart(anchor).family('hostpci');
  if (entries.length === 0) return skipped('It takes no PCI device.');
  return passed(...entries.flatMap(entry => lineOfEntry(scene, entry)));
}

function mapping(scene: Scene): Draft {
  const { world, anchor } = scene;
  const names = settingsAtStart(anchor)
    .family('hostpci')
    .map(entry => textOfProperty(entry, 'mapping'))
    .filter(name => name !== undefined);
  if (names.length === 0) return skipped('It uses no mapping.');
  const known = nodeMappings(world, anchor, 'pci');
  if (!known) return unknown('mapping/pci.cfg is not known.', 'See "cat /etc/pve/mapping/pci.cfg".');
  const evidence: Evidence[] = [];
  for (const name of new Set(names)) {
    const found = known.get(name);
    if (!found)
      return failed(
        `There is no mapping ${name}.`,
        'Make it under Datacenter, Resource Mappings, or write another name.',
      );
    if (!found.here) return unknown(`It is not known which node the mapping ${name} is read for.`);
    if (found.here.length === 0)
      return failed(`The mapping ${name} has no device of this node.`, 'Add a device of this node to it.');
    const file = world.files.get(found.uri);
    if (file) evidence.push(...found.here.map(one => lineOf(file, one.line)));
  }
  return passed(...evidence);
}

function machine(scene: Scene): Draft {
  const settings = settingsAtStart(scene.anchor);
  if (scene.units.length === 0) return skipped('It takes no PCI device.');
  const type = machineOf(settings);
  const known = lineOfEntry(scene, type.entry);
  const text = type.isQ35 ? 'q35: devices can be on PCI Express (pcie=1).' : 'i440fx: devices are on conventional PCI.';
  return passed(...known, text);
}

function firmware(scene: Scene): Draft {
  const settings = settingsAtStart(scene.anchor);
  if (scene.units.length === 0) return skipped('It takes no PCI device.');
  const bios = settings.entry('bios');
  if (stored(settings, 'bios') === 'ovmf')
    return passed(...lineOfEntry(scene, bios), ...lineOfEntry(scene, settings.entry('efidisk0')));
  return passed(
    ...lineOfEntry(scene, bios),
    'SeaBIOS: for graphics cards OVMF with q35 and pcie=1 fits best, where their ROM has a part for UEFI.',
  );
}

function display(scene: Scene): Draft {
  const settings = settingsAtStart(scene.anchor);
  if (!scene.units.some(hasDisplay)) return skipped('It gets no graphics card.');
  const primary = settings.family('hostpci').find(entry => isFlagOn(entry, 'x-vga'));
  const own = [
    ...lineOfEntry(scene, settings.entry('vga')),
    ...settings.family('serial').flatMap(entry => lineOfEntry(scene, entry)),
  ];
  // A virtual function, a mediated device and a 3D controller have no outputs.
  const isScreen = scene.units.some(
    ({ kind, functions }) =>
      kind !== 'mediated' &&
      functions.some(fn => isDisplay(fn) && fn.physicalFunction === undefined && fn.classId !== '0302'),
  );
  const isEmulated = displayOf(settings) !== 'none' && !primary;
  return passed(
    ...own,
    ...lineOfEntry(scene, settings.entry('agent')),
    isEmulated
      ? `noVNC and SPICE show the emulated display. ${isScreen ? 'What the card shows is on its own monitor, or on a remote desktop.' : 'What the card draws is seen on a remote desktop.'}`
      : `There is no emulated display: ${isScreen ? 'a monitor on the card or ' : ''}a remote desktop shows the guest, noVNC does not.`,
  );
}

function cpu(scene: Scene): Draft {
  if (scene.units.length === 0) return skipped('It takes no PCI device.');
  const entry = settingsAtStart(scene.anchor).entry('cpu');
  return entry ? passed(...lineOfEntry(scene, entry)) : passed('No cpu line: the default of Proxmox VE, kvm64.');
}

function memory(scene: Scene): Draft {
  const { anchor, units, inventory } = scene;
  const settings = settingsAtStart(anchor);
  if (units.length === 0) return skipped('It takes no PCI device.');
  const wanted = memoryOf(settings);
  if (units.every(unit => unit.kind === 'mediated'))
    return passed(`${wanted} MiB, of which a mediated device pins what the guest gives it.`);
  const has = inventory?.memoryKiB === undefined ? undefined : Math.round(inventory.memoryKiB / 1024);
  if (has === undefined)
    return unknown(`${wanted} MiB are pinned at the start; what the host has is not known.`, 'See "free -m".');
  const text = `${wanted} MiB are pinned at the start, and the host has ${has} MiB.`;
  return wanted < has
    ? passed(text)
    : warning(text, 'Give the guest less memory: what is pinned cannot be swapped out.');
}

function lines({ anchor }: Scene): Draft {
  const count = configOf(anchor).main.entries().length;
  return passed(`${shortPath(anchor.place.path)}: ${count} lines are in force.`);
}
