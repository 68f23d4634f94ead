import type { PciFunction } from '../../host/inventory.ts';
import { bootArguments } from '../facts/bootArguments.ts';
import { usersOf } from '../facts/deviceUse.ts';
import { isRunning } from '../facts/guestStart.ts';
import { idsInForce, type LoadedFile } from '../facts/moduleLoading.ts';
import { othersOfId } from '../facts/sameId.ts';
import { loadsVfioEarly } from '../facts/vfioLoading.ts';
import { isReservedForVfio } from '../facts/vfioReserved.ts';
import { isBlacklist } from '../languages/kernelCmdline/parameters.ts';
import { canonicalName, type ModprobeLine } from '../languages/modprobe/tree.ts';
import { hasId } from '../languages/modprobe/vfioIds.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import { listed, named } from '../rules/deviceRule.ts';
import { fact, inFile, lineOf, parameterOf } from './evidence.ts';
import { hasModprobeFiles, modprobeOf, modprobePlace } from './moduleOptions.ts';
import type { Evidence } from './readiness.ts';
import type { Scene, Unit } from './scene.ts';
import { concluding, type Draft, failed, notAsked, passed, unknown, warning } from './step.ts';
import { isDisplay } from './units.ts';

/** Drivers of vfio, which hand a device over. */
export const isVfioDriver = (driver: string): boolean => /^(?:vfio-pci|pci-stub|.*[-_]vfio[-_]pci)$/.test(driver);

export function driverNow(scene: Scene, unit: Unit): Draft {
  const { world, guest, inventory } = scene;
  if (!inventory) return notAsked();
  const unclear = unit.functions.find(fn => fn.driver === undefined);
  const evidence = unit.functions.flatMap(fn =>
    fn.driver === undefined ? [] : [fact(`${fn.address}: ${fn.driver === null ? 'no driver' : `driver ${fn.driver}`}`)],
  );
  if (unclear)
    return unknown(`The driver of ${unclear.address} is not known.`, `See "lspci -k -s ${unclear.address}".`);
  if (unit.kind === 'mediated') return mediated(unit, evidence);
  const bound = unit.functions.filter(fn => fn.driver && !isVfioDriver(fn.driver));
  if (unit.kind === 'kept') {
    return bound.length === 0
      ? passed(...evidence)
      : failed(evidence, 'With driver=keep Proxmox binds nothing: bind the device to a driver of vfio yourself.');
  }
  if (bound.length === 0) return passed(...evidence);
  if (guest && unit.entry.section.kind !== 'pending' && isRunning(world, guest))
    return warning(
      [...evidence, fact('The VM runs, and its device is on a driver of the host.')],
      'See the log of its last start.',
    );
  const graphics = bound.find(isDisplay);
  const script = hookscriptOf(scene);
  if (graphics && script.length > 0) return passed(...evidence, ...script);
  const isSlow =
    graphics && isWhole(graphics) && /^(?:nvidia|nouveau|amdgpu|radeon|i915|xe)$/.test(graphics.driver ?? '');
  if (isSlow)
    return warning(
      evidence,
      reservations(scene, graphics).length > 0
        ? 'The files keep it away from the next boot on: refresh the initial RAM disk and reboot.'
        : containersWith(scene, unit).length > 0
          ? 'Proxmox takes the driver away when the VM starts; graphics drivers survive that badly.'
          : 'Proxmox takes the driver away when the VM starts; graphics drivers survive that badly. Keep it away from the start on.',
    );
  return concluding(
    passed(...evidence),
    'Proxmox takes the driver away when the VM starts; drivers of this kind let go.',
  );
}

function mediated(unit: Unit, evidence: readonly Evidence[]): Draft {
  const parent = unit.functions.find(fn => fn.driver === null || (fn.driver && isVfioDriver(fn.driver)));
  return parent
    ? failed(
        evidence,
        'The driver of the host makes the mediated devices: take the card out of ids= and blacklists, refresh the initial RAM disk and reboot.',
      )
    : passed(...evidence);
}

export function driverAfterBoot(scene: Scene, unit: Unit): Draft {
  const { inventory } = scene;
  const kept = unit.functions.flatMap(fn => reservations(scene, fn));
  if (unit.kind === 'mediated') return mediatedAfterBoot(unit, kept);
  if (!inventory && kept.length === 0) return notAsked();
  const display = unit.functions.find(fn => isDisplay(fn) && isWhole(fn));
  const early = loadsVfioEarly(scene.world, scene.anchor);
  const loading = early
    ? [fact('vfio-pci is loaded early: a list of modules, a softdep or an install line names it.')]
    : [];
  const isKept = display ? reservations(scene, display).length > 0 : kept.length > 0;
  if (isKept) return passed(...unique(kept), ...loading);
  if (unit.functions.some(fn => isReservedByAddress(scene, fn)))
    return passed('A udev rule, driverctl or another file of the host keeps it for vfio.');
  if (!display)
    return {
      ...passed(
        'Proxmox binds it to vfio-pci when the VM starts; nothing needs to be reserved for a device of this kind.',
      ),
      atWorst: 'warning',
    };
  if (display.modules?.length === 0) return passed(`The host has no driver for ${named(display)}.`);
  if (display.driver === undefined || !hasModprobeFiles(scene))
    return unknown(
      display.driver === undefined
        ? `The driver of ${named(display)} is not known.`
        : 'No file of /etc/modprobe.d is known.',
      `Keep the driver of the host away: "options vfio-pci ids=${idsOf(unit)}" in modprobe.d, with a softdep or a blacklist for its driver.`,
    );
  const script = hookscriptOf(scene);
  if (script.length > 0) return passed(...script, 'A hookscript may look after its driver.');
  return warning(
    `No file that is known keeps ${named(display)} from ${(display.modules ?? [display.driver ?? 'its driver']).join(', ')}.`,
    howToReserve(scene, unit, display),
  );
}

/** A virtual function has the id of its card and is made while the card has its driver: nothing can or must be reserved. */
const isWhole = ({ physicalFunction }: PciFunction): boolean => physicalFunction === undefined;

const containersWith = ({ world, anchor }: Scene, { functions }: Unit): readonly string[] => [
  ...new Set(
    functions
      .flatMap(fn => usersOf(world, anchor, fn.address))
      .filter(({ by }) => by === 'container')
      .map(({ label }) => label),
  ),
];

/** By its id, unless that takes another device as well, or somebody else needs the driver. */
function howToReserve(scene: Scene, unit: Unit, display: PciFunction): string {
  const [container] = containersWith(scene, unit);
  if (container !== undefined)
    return `${container} needs that driver, too: give each a card of its own, or reserve this one and take it away from ${container}.`;
  const { world, anchor, inventory } = scene;
  const given = scene.units.flatMap(({ functions }) => functions);
  const strangers = unit.functions
    .flatMap(fn => (inventory ? othersOfId(world, anchor, inventory, fn) : []))
    .filter(other => !given.includes(other));
  if (strangers.length > 0) {
    const commands = unit.functions.map(fn => `"driverctl set-override ${fn.address} vfio-pci"`);
    return `${listed([...new Set(strangers.map(named))])} ${strangers.length > 1 ? 'have' : 'has'} the same id, so a list of ids would take ${strangers.length > 1 ? 'them' : 'it'} as well. Bind by address: "apt install driverctl", then ${listed(commands)}.`;
  }
  const bound = display.driver && !isVfioDriver(display.driver) ? canonicalName(display.driver) : undefined;
  const modules = (display.modules ?? []).map(canonicalName);
  const module = bound !== undefined && (modules.length === 0 || modules.includes(bound)) ? bound : modules[0];
  return `Reserve it: "options vfio-pci ids=${idsOf(unit)}" and "softdep ${module ?? bound ?? 'DRIVER'} pre: vfio-pci" in modprobe.d, then "update-initramfs -u -k all" and a reboot.`;
}

const hookscriptOf = ({ guest }: Scene): readonly Evidence[] => {
  const entry = guest && settingsAtStart(guest).entry('hookscript');
  return guest && entry ? [lineOf(guest, entry.line)] : [];
};

/** By a udev rule or driverctl: what is left of the question when driver and ids are not looked at. */
const isReservedByAddress = ({ world, anchor }: Scene, fn: PciFunction): boolean =>
  isReservedForVfio(world, anchor, { ...fn, driver: undefined, vendorId: undefined });

function mediatedAfterBoot(unit: Unit, kept: readonly Evidence[]): Draft {
  if (kept.length > 0)
    return failed(
      unique(kept),
      'The driver of the host makes the mediated devices: take these lines out, refresh the initial RAM disk and reboot.',
    );
  return passed(`No file that is known keeps the driver of the host from ${unit.functions[0]?.address ?? 'it'}.`);
}

const idsOf = (unit: Unit): string =>
  [
    ...new Set(unit.functions.flatMap(fn => (fn.vendorId && fn.deviceId ? [`${fn.vendorId}:${fn.deviceId}`] : []))),
  ].join(',');

/**
 * What keeps a function from the host's driver after the next boot: its id in the list of vfio-pci, or blacklists and
 * `install` lines for the driver that it is on; of all that could take it where it is on none. A softdep alone keeps nothing.
 */
export function reservations(scene: Pick<Scene, 'world' | 'anchor'>, fn: PciFunction): readonly Evidence[] {
  const ids = idsLine(scene, fn);
  const bound = fn.driver && !isVfioDriver(fn.driver) ? canonicalName(fn.driver) : undefined;
  const modules = [...new Set([...(bound ? [bound] : []), ...(fn.modules ?? []).map(canonicalName)])];
  const stops = modules.map(name => ({ name, lines: stopsOf(scene, name) }));
  const isKept = bound
    ? stops.some(({ name, lines }) => name === bound && lines.length > 0)
    : stops.length > 0 && stops.every(({ lines }) => lines.length > 0);
  const softdeps = ids.length > 0 ? softdepsOf(scene, new Set(modules)) : [];
  return unique([...ids, ...(isKept ? stops.flatMap(({ lines }) => lines) : []), ...softdeps]);
}

/** The lines and parameters that keep a module from being loaded for a device. */
function stopsOf(scene: Pick<Scene, 'world' | 'anchor'>, module: string): readonly Evidence[] {
  const config = modprobeOf(scene);
  const given = (bootArguments(scene.world, scene.anchor).configured ?? []).filter(
    ({ parameter }) => isBlacklist(parameter.id) && parameter.items.some(({ text }) => canonicalName(text) === module),
  );
  return [
    ...originsOf(
      scene,
      config?.blacklist.filter(({ name }) => name === module),
    ),
    ...originsOf(
      scene,
      config?.installs.filter(({ name }) => name === module),
    ),
    ...given.map(one => parameterOf(scene.world, one)),
  ];
}

const softdepsOf = (scene: Pick<Scene, 'world' | 'anchor'>, modules: ReadonlySet<string>): readonly Evidence[] =>
  originsOf(
    scene,
    modprobeOf(scene)?.softdeps.filter(
      ({ name, pre }) => modules.has(name) && pre.some(one => canonicalName(one) === 'vfio_pci'),
    ),
  );

const originsOf = (
  { world }: Pick<Scene, 'world'>,
  origins: readonly { readonly file: LoadedFile; readonly node: ModprobeLine }[] | undefined,
): readonly Evidence[] =>
  (origins ?? []).flatMap(({ file, node }) => {
    const source = world.files.get(file.uri);
    return source ? [lineOf(source, node.line.from)] : [];
  });

function idsLine(scene: Pick<Scene, 'world' | 'anchor'>, fn: PciFunction): readonly Evidence[] {
  const file = modprobePlace(scene);
  const setting = file && idsInForce(scene.world, file);
  if (!setting?.entries.some(({ id }) => id && hasId(fn, id))) return [];
  const source = scene.world.files.get(setting.uri);
  return source
    ? [inFile(source, setting.span, `ids=${setting.text}`)]
    : [fact(`${setting.where}: ids=${setting.text}`)];
}

function unique(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ text }) => !seen.has(text) && seen.add(text));
}
