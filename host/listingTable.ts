import { classFacts, classField, describeDevice, driverOf, type Facts, idFacts } from './listingLine.ts';
import { type PciAddress, parsePciAddress } from './pciAddress.ts';

/** One row of a table. */
export interface Row {
  readonly address: PciAddress;
  readonly facts: Facts;
}

type Column = 'address' | 'class' | 'device' | 'driver' | 'group' | 'ids' | 'name' | 'subdevice' | 'subvendor' | 'vendor';

/** Headings without blanks and marks. `id` is the address where `pvesh get /nodes/NODE/hardware/pci` prints it. */
const headings: Readonly<Record<string, Column>> = {
  address: 'address',
  pciaddress: 'address',
  bdf: 'address',
  slot: 'address',
  id: 'ids',
  ids: 'ids',
  pciid: 'ids',
  pciids: 'ids',
  vendordevice: 'ids',
  iommugroup: 'group',
  group: 'group',
  iommu: 'group',
  class: 'class',
  type: 'class',
  vendor: 'vendor',
  device: 'device',
  devicename: 'name',
  name: 'name',
  description: 'name',
  driver: 'driver',
  kerneldriver: 'driver',
  driverinuse: 'driver',
  subsystemvendor: 'subvendor',
  subsystemdevice: 'subdevice',
};

/** Whether the line is one of a table, drawn with lines or in markdown: three cells or more. */
export const isTableLine = (line: string): boolean => /^\s*[│|](?:[^│|]*[│|]){3,}\s*$/.test(line);

/** Reads the rows of one table; what a cell means is told by the first row. */
export class TableReader {
  private columns: readonly (Column | undefined)[] | undefined;

  /** `undefined`: the table is not one of PCI functions. Rules between rows and a heading give no row. */
  read(line: string): Row | 'no row' | undefined {
    const cells = line.trim().slice(1, -1).split(/[│|]/).map(bare);
    if (!this.columns) {
      this.columns = columnsOf(cells);
      return this.columns.includes('address') ? 'no row' : undefined;
    }
    if (!this.columns.includes('address')) return undefined;
    const at = this.columns.indexOf('address');
    const address = parsePciAddress(cells[at] ?? '');
    if (!address) return 'no row';
    const facts = this.columns.flatMap((column, index) => (column ? [factsOf(column, cells[index] ?? '')] : []));
    return { address, facts: joined(facts, this.columns, cells) };
  }
}

/** A cell without blanks and markdown's marks. */
const bare = (cell: string): string => cell.trim().replace(/^[*`]{1,3}|[*`]{1,3}$/g, '');

function columnsOf(cells: readonly string[]): readonly (Column | undefined)[] {
  const found = cells.map(cell => headings[cell.toLowerCase().replace(/[^a-z]/g, '')]);
  if (found.includes('address') || !found.includes('ids') || !found.includes('group')) return found;
  return found.map(column => (column === 'ids' ? 'address' : column));
}

function factsOf(column: Column, cell: string): Facts {
  const hex = /^0x([0-9a-f]{4})(?:[0-9a-f]{2})?$/i.exec(cell)?.[1];
  switch (column) {
    case 'class':
      return hex ? classFacts(undefined, hex) : classField(cell);
    case 'group':
      return /^-1$/.test(cell) ? { iommuGroup: null } : /^\d{1,6}$/.test(cell) ? { iommuGroup: Number(cell) } : {};
    case 'driver':
      return cell === '' ? {} : { driver: driverOf(cell) };
    case 'ids': {
      const [, vendor, device] = /^\[?([0-9a-f]{4}):([0-9a-f]{4})\]?$/i.exec(cell) ?? [];
      return vendor && device ? idFacts(vendor, device) : {};
    }
    case 'name':
      return cell === '' ? {} : { deviceName: cell };
    case 'device':
      return hex ? { deviceId: hex.toLowerCase() } : describeDevice(cell);
    case 'vendor':
      return hex ? { vendorId: hex.toLowerCase() } : {};
    case 'subvendor':
      return hex ? { subsystemVendorId: hex.toLowerCase() } : {};
    case 'subdevice':
      return hex ? { subsystemDeviceId: hex.toLowerCase() } : {};
    default:
      return {};
  }
}

/** A name that `pvesh` splits over two columns needs nothing; one of a hand-made table is `vendor device` in one. */
function joined(facts: readonly Facts[], columns: readonly (Column | undefined)[], cells: readonly string[]): Facts {
  const all: Facts = Object.assign({}, ...facts);
  if (columns.includes('vendor') || all.deviceName === undefined) return all;
  const name = cells[columns.indexOf('name')];
  return name === undefined ? all : { ...all, deviceName: undefined, ...describeDevice(name), ...withoutName(all) };
}

const withoutName = ({ deviceName: _, ...rest }: Facts): Facts => rest;
