import type { Inventory } from '../../host/inventory.ts';
import { type ImageAges, imageAges } from '../facts/initramfs.ts';
import type { SourceFile } from '../languages/language.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { modules } from '../languages/modules/modules.ts';
import { siblingsOf } from '../workspace/world.ts';
import { fact, lineOf, shortPath } from './evidence.ts';
import { interfaceNames } from './interfaceNames.ts';
import { listsModule, type ModuleOption, moduleOptions } from './moduleOptions.ts';
import type { Evidence, Stage } from './readiness.ts';
import type { Scene } from './scene.ts';
import { type Draft, failed, notAsked, passed, skipped, stage, step, unknown, warning } from './step.ts';

/** The modules that hand devices over, and what the initial RAM disk knows of them. */
export const modulesStage = (scene: Scene): Stage =>
  stage('modules', 'Modules and initial RAM disk', [
    step(scene, 'vfio-modules', 'vfio, vfio_iommu_type1 and vfio_pci can be loaded', vfioModules(scene)),
    step(scene, 'module-files', 'The files about modules can be read as they are meant', moduleFiles(scene)),
    step(scene, 'options-in-effect', 'The running modules have the options of modprobe.d', optionsInEffect(scene)),
    step(scene, 'initramfs-current', 'The initial RAM disk knows the files as they are', initramfsCurrent(scene)),
    step(scene, 'esp-copies', 'The copies on the EFI partitions are up to date', espCopies(scene)),
    step(scene, 'signed-modules', 'Secure Boot lets the modules load', signedModules(scene)),
    step(
      scene,
      'interface-names',
      'The network interfaces have the names that the host expects',
      interfaceNames(scene),
    ),
  ]);

const vfio = ['vfio', 'vfio_iommu_type1', 'vfio_pci'];

/** Proxmox loads vfio-pci when a VM starts: nothing has to be listed. */
function vfioModules(scene: Scene): Draft {
  const { inventory } = scene;
  const listed = listings(scene);
  if (!inventory) return listed.length > 0 ? unknown(listed) : notAsked();
  const missing = vfio.filter(name => inventory.missingModules?.has(name));
  if (missing.length > 0)
    return failed(`This kernel has no module ${missing.join(', ')}.`, 'Start a kernel of Proxmox VE.');
  const found = vfio.flatMap(name => {
    if (inventory.builtinModules?.has(name)) return [`${name} is part of the kernel.`];
    return inventory.loadedModules?.has(name) ? [`${name} is loaded.`] : [];
  });
  const known = [...found.map(fact), ...listed];
  if (found.length === vfio.length || listed.length > 0) return passed(...known);
  const exists = vfio.some(name => inventory.knownParameters.has(name));
  if (exists || found.length > 0)
    return passed(...known, 'This kernel has them, and Proxmox loads them when a VM with a device starts.');
  return unknown(
    [
      ...known,
      fact(
        inventory.loadedModules
          ? 'They are not loaded. Proxmox loads them when a VM with a device starts.'
          : 'The loaded modules are not known.',
      ),
    ],
    'See "modinfo vfio_pci" and "lsmod | grep vfio".',
  );
}

/** The lines of module lists that name them. */
const listings = (scene: Scene): readonly Evidence[] =>
  listsModule(scene, ...vfio).map(({ file, line }) => lineOf(file, line));

function moduleFiles(scene: Scene): Draft {
  const files = earlyFiles(scene).filter(({ place }) => place.path.startsWith('/etc/'));
  if (files.length > 0) return passed(files.map(({ place }) => shortPath(place.path)).join(', '));
  return unknown('No file of /etc/modprobe.d is known.', 'Ask the host as root, or open a copy of its /etc.');
}

/** Files that the initial RAM disk has copies of. */
export const earlyFiles = ({ world, anchor }: Pick<Scene, 'world' | 'anchor'>): readonly SourceFile[] => [
  ...siblingsOf(world, anchor, modprobe),
  ...siblingsOf(world, anchor, modules),
];

function optionsInEffect(scene: Scene): Draft {
  const options = moduleOptions(scene);
  if (options.length === 0) return skipped('No file that is known gives an option that could be compared.');
  const { inventory } = scene;
  if (!inventory) return notAsked();
  const other = options.filter(one => isInEffect(inventory, one) === false);
  if (other.length > 0)
    return warning(
      other.flatMap(one => [
        one.evidence,
        fact(`The running kernel has ${one.module}.${one.name}=${runningValue(inventory, one)}.`),
      ]),
      'Refresh the initial RAM disk and reboot, or load the module anew.',
    );
  const same = options.filter(one => isInEffect(inventory, one));
  if (same.length > 0) return passed(...same.map(({ evidence }) => evidence));
  return skipped('The modules in question are not loaded, or do not tell their options.');
}

const runningValue = ({ moduleParameters }: Inventory, { module, name }: ModuleOption): string | undefined =>
  moduleParameters.get(module)?.get(name);

/** `undefined` where the running kernel does not tell. */
export function isInEffect(inventory: Inventory, option: ModuleOption): boolean | undefined {
  const now = runningValue(inventory, option);
  if (now === undefined) return undefined;
  if (now === 'Y' || now === 'N') return (now === 'Y') === option.isOn;
  const [a, b] = [Number(now), Number(option.value)];
  // A kernel may print what it was given in another way, or what it made of it: only plain numbers are compared.
  return option.value !== '' && Number.isInteger(a) && Number.isInteger(b) && b >= 0 ? a === b : undefined;
}

/** What is known of the images about each file that concerns them. */
export function agesOf(scene: Pick<Scene, 'world' | 'anchor'>): readonly { file: SourceFile; ages: ImageAges }[] {
  return earlyFiles(scene).flatMap(file => {
    const ages = imageAges(scene.world, file);
    return ages ? [{ file, ages }] : [];
  });
}

function initramfsCurrent(scene: Scene): Draft {
  const { inventory } = scene;
  if (!inventory) return notAsked();
  const known = agesOf(scene);
  const image = inventory.initramfs?.find(one => one.kernel === inventory.kernel.release);
  const stale = known.filter(({ ages }) => ages.older.includes(ages.running));
  if (stale.length > 0)
    return warning(
      [fact(`The image of ${inventory.kernel.release} was made ${image?.modifiedAt ?? 'earlier'}.`)],
      'Run "update-initramfs -u -k all" and reboot.',
    );
  if (known.length > 0)
    return passed(
      ...(image?.modifiedAt === undefined ? [] : [`The image of ${image.kernel} was made ${image.modifiedAt}.`]),
      ...known.map(({ file, ages }) => lineOf(file, ages.line)),
    );
  if (
    earlyFiles(scene).length > 0 &&
    image?.modifiedAt !== undefined &&
    earlyFiles(scene).every(file => isOnHost(inventory, file))
  )
    return skipped('No file that is known concerns the initial RAM disk.');
  return unknown(
    image?.modifiedAt === undefined
      ? 'The age of the initial RAM disk is not known.'
      : `The image of ${image.kernel} was made ${image.modifiedAt}; when the files were changed on the host is not known.`,
    'Where modprobe.d or a list of modules was changed since, run "update-initramfs -u -k all".',
  );
}

const isOnHost = ({ files }: Inventory, { place }: SourceFile): boolean => files.has(place.path);

function espCopies({ inventory }: Scene): Draft {
  if (!inventory) return { ...notAsked(), isAdvice: true };
  if (inventory.boot.proxmoxBootTool === false) return skipped('The host boots without proxmox-boot-tool.');
  return {
    ...unknown(
      inventory.boot.proxmoxBootTool
        ? 'proxmox-boot-tool copies kernels and images to EFI partitions, which can be full or unplugged.'
        : 'It is not known whether proxmox-boot-tool is in use.',
      'See "proxmox-boot-tool status"; "proxmox-boot-tool refresh" copies anew, "proxmox-boot-tool clean" makes room.',
    ),
    isAdvice: true,
  };
}

const foreign = ['dkms', 'vendor-reset-dkms', 'i915-sriov-dkms', 'pve-nvidia-vgpu-helper'];

function signedModules({ inventory }: Scene): Draft {
  if (!inventory) return { ...notAsked(), isAdvice: true };
  if (inventory.boot.secureBoot === false) return passed('Secure Boot is off: every module loads.');
  const packages = foreign.filter(name => inventory.packages.get(name) !== undefined);
  if (inventory.boot.secureBoot === undefined)
    return { ...unknown('It is not known whether Secure Boot is on.', 'See "mokutil --sb-state".'), isAdvice: true };
  if (packages.length === 0 && inventory.packages.size > 0)
    return passed('Secure Boot is on; the modules of Proxmox VE are signed, and no others are installed (no DKMS).');
  return {
    ...unknown(
      `Secure Boot is on. Modules that were built here${packages.length > 0 ? ` (${packages.join(', ')})` : ''} load only when their key is enrolled.`,
      'See "mokutil --list-enrolled"; "mokutil --import /var/lib/dkms/mok.pub" enrols the key at the next boot.',
    ),
    isAdvice: true,
  };
}
