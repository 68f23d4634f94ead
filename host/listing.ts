import { emptyInventory, type Inventory } from './inventory.ts';
import { undress } from './listingClothes.ts';
import { type HostFacts, HostReader } from './listingHost.ts';
import { mergeSightings, type Sighting } from './listingMerge.ts';
import { SightingReader } from './listingSightings.ts';

/**
 * Reads what people paste: the output of `lspci` in its many forms, listings of IOMMU groups, device trees, with
 * prompts, quote marks and markdown around them. A missing domain means 0000. Pure; never throws; linear. Nothing is
 * taken for a device but a line that has the shape of a listing's line. What the text does not tell is named in `gaps`.
 */
export function parseListing(text: string): Inventory {
  const host = new HostReader();
  const reader = new SightingReader(line => host.read(line));
  const lines = text.split(text.includes('\n') ? '\n' : '\r');
  for (const line of undress(lines)) reader.read(line);
  const { sightings, notes } = reader.close();
  return toInventory(host.facts, sightings, notes);
}

function toInventory(host: HostFacts, sightings: readonly Sighting[], notes: readonly string[]): Inventory {
  const { functions, gaps } = mergeSightings(sightings);
  const inventory = { ...emptyInventory, ...host, functions, complete: showsWholeHost(sightings) };
  return { ...inventory, gaps: [...notes, ...gaps, ...missingFrom(inventory)] };
}

/**
 * A listing by `lspci` itself shows every function, among them the host bridge 00:00.0; one that was filtered seldom has
 * it, and one by IOMMU groups lacks the functions that are in none.
 */
function showsWholeHost(sightings: readonly Sighting[]): boolean {
  const start = sightings.find(sighting => !sighting.byGroup && sighting.address === '0000:00:00.0');
  return start !== undefined && sightings.filter(({ block }) => block === start.block).length >= 5;
}

/** What the text does not say of its functions. */
function missingFrom({ functions, complete, kernel }: Inventory): string[] {
  if (!functions.length) return ['The text lists no PCI function.'];
  const without = (what: string, lacks: (fn: Inventory['functions'][number]) => boolean): string[] => {
    const count = functions.filter(lacks).length;
    if (count === 0) return [];
    return [
      count === functions.length ? `The text tells no ${what}.` : `The text tells no ${what} for ${count} functions.`,
    ];
  };
  return [
    ...(complete ? [] : ['The text may not show every function of the host.']),
    ...without('IOMMU group', fn => fn.iommuGroup === undefined),
    ...without('vendor and device ids', fn => fn.vendorId === undefined || fn.deviceId === undefined),
    ...without('class', fn => fn.classId === undefined && fn.className === undefined),
    ...without('driver', fn => fn.driver === undefined),
    ...(kernel.commandLine === undefined ? ['The text tells no kernel command line.'] : []),
  ];
}
