export type TreeSort = 'group' | 'class' | 'use';

/** One row of the device tree: everything a view has to draw, nothing it has to work out. */
export interface TreeRow {
  /** Stable across refreshes, so that a view keeps what is open and selected. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Markdown, escaped. Devices and groups have a card instead, which is asked for when somebody wants to see it. */
  readonly tooltip?: string;
  /** A codicon's name, and the theme colour to paint it in. */
  readonly icon?: string;
  readonly color?: string;
  /** Of no interest by itself: bridges, types without a free instance. */
  readonly dim?: boolean;
  /**
   * What menus may ask: `host`, `group`, `device`, `missing`, `mdev`, `claim`, `guest`, `mapping` or `mappings`, with
   * qualities behind it (`device.vf.used`, `host.asked`).
   */
  readonly context: string;
  /** What a screen reader says instead of label and description. */
  readonly spoken?: string;
  /** URI of the snapshot that a device is from. */
  readonly host?: string;
  readonly address?: string;
  /** The number of an IOMMU group. */
  readonly group?: number;
  /** What a file takes when the row is handed to it: an address, for a mediated device with `,mdev=TYPE` behind it. */
  readonly takes?: string;
  /** Vendor and device id of a device, `10de:1c03`. */
  readonly ids?: string;
  /** The name under which a host is configured; only hosts that were asked have one. */
  readonly hostName?: string;
  /** Of a host: when it was asked, ISO 8601 in UTC. */
  readonly takenAt?: string;
  /** Of a host, whatever the filter: one sentence for each device that a guest claims at the host's cost. */
  readonly alarms?: readonly string[];
  /** Where a click leads. */
  readonly location?: { readonly uri: string; readonly line: number; readonly column: number };
  readonly open?: boolean;
  readonly children?: readonly TreeRow[];
}

/** Parts of a description with dots between them; absent and empty ones are left out. */
export const dotted = (...parts: readonly (string | undefined | false)[]): string =>
  parts.filter(part => part !== undefined && part !== false && part !== '').join(' · ');

/** `1 device`, `3 devices`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/**
 * A name that leaves room for the address in a narrow view. The chipset's or processor's family says nothing of a device;
 * a name that is still too long loses a second one in brackets and words that its icon says, then it is cut. Of a
 * device without a name the ids stay, which tell its vendor.
 */
export function shortName(name: string): string {
  let short = name.replace(family, '');
  for (const noise of noises) if (short.length > mostName) short = short.replace(noise, '');
  const ids = / [0-9a-f]{4}:[0-9a-f]{4}$/.exec(short)?.[0] ?? '';
  if (ids === '' || short.length <= mostName) return cutAt(short, mostName);
  return `${cutAt(short.slice(0, -ids.length).replace(/^\S+ /, ''), mostName - ids.length)}${ids}`;
}

function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length).replace(/[\s/(,]+[^\s/(,]*$/, '');
  return `${(cut.length < length / 3 ? text.slice(0, length) : cut).trimEnd()}…`;
}

const mostName = 24;

const family =
  /^.*?\b(?:Chipset Family|Series PCH|Series Chipset|Chipset|Processor Family|Core Processor|PCH) (?=\S{3}|\S+ \S)/;

const noises: readonly RegExp[] = [
  / \[[^[\]]*\]$/,
  /^Ethernet (?:Controller|Connection)(?: \(\d+\))? (?=\S{4})/,
  / Network Connection$| Controller$/,
];
