import { classFacts, classField, describeDevice, driverOf, type Facts, idFacts } from './listingLine.ts';
import { type PciAddress, parsePciAddress } from './pciAddress.ts';

/** One row of a table. */
export interface Row {
  readonly address: PciAddress;
  readonly facts: Facts;
}

type Column = keyof typeof readers | 'address';
type Columns = readonly (Column | undefined)[];

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
  class: 'class',
  type: 'class',
  vendor: 'vendor',
  vendorname: 'vendorName',
  device: 'device',
  devicename: 'name',
  name: 'name',
  description: 'name',
  driver: 'driver',
  kerneldriver: 'driver',
  driverinuse: 'driver',
  subsystemvendor: 'subsystemVendor',
  subsystemdevice: 'subsystemDevice',
};

const readers = {
  class: (cell: string): Facts => {
    const id = /^0x([0-9a-f]{4})(?:[0-9a-f]{2})?$/i.exec(cell)?.[1];
    return id === undefined && cell !== '' ? classField(cell) : classFacts(undefined, id);
  },
  device: (cell: string): Facts => hexFact('deviceId', cell) ?? describeDevice(cell),
  driver: (cell: string): Facts => (cell === '' ? {} : { driver: driverOf(cell) }),
  // pvesh prints -1 for a function that is in no group.
  group: (cell: string): Facts =>
    cell === '-1' ? { iommuGroup: null } : /^\d{1,6}$/.test(cell) ? { iommuGroup: Number(cell) } : {},
  ids: (cell: string): Facts => {
    const [, vendor, device] = /^\[?([0-9a-f]{4}):([0-9a-f]{4})\]?$/i.exec(cell) ?? [];
    return vendor && device ? idFacts(vendor, device) : {};
  },
  name: (cell: string): Facts => (cell === '' ? {} : { deviceName: cell }),
  subsystemDevice: (cell: string): Facts => hexFact('subsystemDeviceId', cell) ?? {},
  subsystemVendor: (cell: string): Facts => hexFact('subsystemVendorId', cell) ?? {},
  vendor: (cell: string): Facts => hexFact('vendorId', cell) ?? {},
  vendorName: (cell: string): Facts => (cell === '' ? {} : { vendorName: cell }),
};

function hexFact(name: keyof Facts, cell: string): Facts | undefined {
  const id = /^0x([0-9a-f]{4})$/i.exec(cell)?.[1];
  return id === undefined ? undefined : { [name]: id.toLowerCase() };
}

/** Whether the line is one of a table, drawn with lines or in markdown: three cells or more. */
export const isTableLine = (line: string): boolean => /^\s*[│|](?:[^│|]*[│|]){3,}\s*$/.test(line);

/** Reads the rows of one table; what a cell means is told by the first row. */
export class TableReader {
  private columns: Columns | undefined;

  /** Headings and rules between rows give nothing; neither does a table that is not one of PCI functions. */
  read(line: string): Row | undefined {
    const cells = line.trim().slice(1, -1).split(/[│|]/).map(bare);
    if (!this.columns) {
      this.columns = columnsOf(cells);
      return undefined;
    }
    const address = parsePciAddress(cells[this.columns.indexOf('address')] ?? '');
    return address && { address, facts: factsOf(cells, this.columns) };
  }
}

/** A cell without blanks and markdown's marks. */
const bare = (cell: string): string => cell.trim().replace(/^[*`]{1,3}|[*`]{1,3}$/g, '');

function columnsOf(cells: readonly string[]): Columns {
  const found = cells.map(cell => headings[cell.toLowerCase().replace(/[^a-z]/g, '')]);
  if (found.includes('address') || !found.includes('group')) return found;
  return found.map(column => (column === 'ids' ? 'address' : column));
}

function factsOf(cells: readonly string[], columns: Columns): Facts {
  const all: Facts = {};
  columns.forEach((column, index) => {
    const cell = cells[index] ?? '';
    // Without a column of its own the vendor stands before the device.
    const isWhole = column === 'name' && !columns.includes('vendorName');
    if (column && column !== 'address') Object.assign(all, isWhole ? describeDevice(cell) : readers[column](cell));
  });
  return all;
}
