import { readdir } from 'node:fs/promises';
import { readHostText } from '../../host/hostText.ts';
import { deviceLabel, type Inventory, type PciFunction } from '../../host/inventory.ts';
import { type Output, printable, readText } from './textFile.ts';

export interface DevicesOptions {
  readonly snapshot?: string;
  readonly format: 'table' | 'json';
}

/** Lists the devices that a snapshot or a listing knows. Answers the exit code. */
export async function devices(options: DevicesOptions, output: Output): Promise<number> {
  const path = options.snapshot ?? (await onlySnapshotHere(output));
  if (path === undefined) return 2;
  const text = await readText(path, output);
  if (text === undefined) return 2;
  const inventory = readHostText(text);
  output.out(options.format === 'json' ? `${JSON.stringify(toJson(inventory), null, 2)}\n` : toTable(inventory));
  return inventory.functions.length > 0 ? 0 : 2;
}

async function onlySnapshotHere(output: Output): Promise<string | undefined> {
  const names = (await readdir('.').catch(() => [])).filter(name => /(?<!\.previous)\.snapshot$/.test(name));
  if (names.length === 1) return names[0];
  const found = names.length === 0 ? 'there is none in this directory' : `there are ${names.length} in this directory`;
  output.err(`say which snapshot to list with --snapshot FILE (${found})`);
  return undefined;
}

/** The form of `--format json`, stable since 0.1. What is not known is absent; `null` means "none". */
export interface DevicesResult {
  readonly version: 1;
  readonly node?: string;
  readonly devices: readonly JsonDevice[];
  readonly gaps: readonly string[];
}

type JsonDevice = Partial<Omit<PciFunction, 'address' | 'modules'>> & {
  readonly address: string;
  readonly name?: string;
  readonly modules: readonly string[];
};

export function toJson(inventory: Inventory): DevicesResult {
  return {
    version: 1,
    ...(inventory.node === undefined ? {} : { node: inventory.node }),
    devices: inventory.functions.map(toJsonDevice),
    gaps: inventory.gaps,
  };
}

function toJsonDevice(fn: PciFunction): JsonDevice {
  const { address, classId, vendorId, deviceId, subsystemVendorId, subsystemDeviceId, modules, ...rest } = fn;
  const name = nameOf(fn);
  const ids = { classId, vendorId, deviceId, subsystemVendorId, subsystemDeviceId };
  const known = { address, ...ids, name, ...rest, modules: modules ?? [] };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as unknown as JsonDevice;
}

/** Vendor and device as a listing has them. */
const nameOf = ({ vendorName, deviceName }: PciFunction): string | undefined =>
  vendorName === undefined && deviceName === undefined ? undefined : [vendorName, deviceName].filter(Boolean).join(' ');

function toTable(inventory: Inventory): string {
  const rows = [
    ['address', 'group', 'ids', 'driver', 'device'],
    ...inventory.functions.map(fn => [
      fn.address,
      fn.iommuGroup === undefined ? '?' : (fn.iommuGroup?.toString() ?? '-'),
      fn.vendorId && fn.deviceId ? `${fn.vendorId}:${fn.deviceId}` : '?',
      fn.driver === undefined ? '?' : (fn.driver ?? '-'),
      deviceLabel(fn),
    ]),
  ].map(row => row.map(printable));
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => (row[column] as string).length)));
  const lines = rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${[...lines, ...inventory.gaps.map(gap => `not known: ${printable(gap)}`)].join('\n')}\n`;
}
