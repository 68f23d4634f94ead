import type { Inventory } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { fromLines, type Lines } from '../text/lines.ts';
import { inventoryOf, type World } from '../workspace/world.ts';

/** What the initial RAM disks of a host know of one of its files. */
export interface ImageAges {
  /** The kernel that runs. */
  readonly running: string;
  /** Kernels whose image was made before the file was last changed, and after it. */
  readonly older: readonly string[];
  readonly newer: readonly string[];
  /** The first line of the file that matters to an image, from 0. */
  readonly line: number;
}

/**
 * Which images are older than a file, as the host has it. `undefined` where that is not known, where the workspace has
 * another text than the host, or where nothing in the file concerns an early driver.
 */
export function imageAges(world: World, file: SourceFile): ImageAges | undefined {
  const inventory = inventoryOf(world, file);
  if (!inventory) return undefined;
  const known = kept.get(file);
  if (known?.inventory === inventory) return known.ages;
  const ages = agesFor(file, inventory);
  kept.set(file, { inventory, ages });
  return ages;
}

/** Two rules ask for it. */
const kept = new WeakMap<SourceFile, { readonly inventory: Inventory; readonly ages: ImageAges | undefined }>();

function agesFor(file: SourceFile, inventory: Inventory): ImageAges | undefined {
  const running = inventory.kernel.release;
  const onHost = inventory.files.get(file.place.path);
  const changed = Date.parse(onHost?.modifiedAt ?? '');
  if (running === undefined || !onHost || Number.isNaN(changed)) return undefined;
  if (differs(file.lines, onHost.text)) return undefined;
  const line = file.lines.findIndex(text => concernsImage(file, text, inventory));
  if (line < 0) return undefined;
  const ages = (inventory.initramfs ?? []).map(image => ({
    kernel: image.kernel,
    made: Date.parse(image.modifiedAt ?? ''),
  }));
  return {
    running,
    line,
    older: ages.filter(({ made }) => made < changed).map(({ kernel }) => kernel),
    newer: ages.filter(({ made }) => made >= changed).map(({ kernel }) => kernel),
  };
}

/** Other than in white space at the end. Looks no further than to the first line that differs. */
function differs(lines: Lines, text: string): boolean {
  const end = text.trimEnd().length;
  let at = 0;
  for (const line of lines) {
    const next = at + line.length;
    if (next >= end) return fromLines(lines).trimEnd() !== text.slice(0, end);
    if (text[next] !== '\n' || !text.startsWith(line, at)) return true;
    at = next + 1;
  }
  return true;
}

/**
 * Lines of modprobe.d about vfio, or about a graphics driver where vfio-pci is in the image to be there first; every module
 * that is named for the image itself.
 */
function concernsImage({ place }: SourceFile, text: string, { initramfs, kernel }: Inventory): boolean {
  if (/^\s*(?:#|$)/.test(text)) return false;
  if (place.path === '/etc/initramfs-tools/modules') return true;
  const image = initramfs?.find(one => one.kernel === kernel.release);
  if (!/^\/etc\/modprobe\.d\/[^/]+\.conf$/.test(place.path) || image?.hasVfioPci !== true) return false;
  if (image.modprobeConfig?.split('\n').includes(text) === true) return false;
  return /^(?:options|softdep|blacklist|install)[ \t]/.test(text) && drivers.test(text);
}

const drivers =
  /[ \t](?:vfio(?:[-_]pci|[-_]iommu[-_]type1)?|nouveau|nvidia(?:[-_]drm)?|amdgpu|radeon|i915|xe|snd[-_]hda[-_]intel)(?:[ \t]|$)/;
