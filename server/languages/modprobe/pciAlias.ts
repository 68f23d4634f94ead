/** What a `pci:v…d…sv…sd…bc…sc…i…` string says, each part in upper-case digits, `*` for anything. */
export interface PciAlias {
  readonly vendor: string;
  readonly device: string;
  readonly subvendor: string;
  readonly subdevice: string;
  readonly baseClass: string;
  readonly subclass: string;
  readonly programming: string;
}

const pattern =
  /^pci:v([0-9A-F]{8})d([0-9A-F]{8})sv([0-9A-F]{8})sd([0-9A-F]{8})bc([0-9A-F]{2})sc([0-9A-F]{2})i([0-9A-F]{2})$/;

/** Reads the modalias of one device; `undefined` for anything else. */
export function parsePciAlias(text: string): PciAlias | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [vendor, device, subvendor, subdevice, baseClass, subclass, programming] = found.slice(1) as Seven;
  return { vendor, device, subvendor, subdevice, baseClass, subclass, programming };
}

type Seven = [string, string, string, string, string, string, string];

/** How many ids of a packed list (`8086:1521,1533;144d:a808.144d.a801/01.08.02*`) a device has. */
export function countMatches(packed: string, device: PciAlias): number {
  let count = 0;
  for (const group of packed.split(';')) {
    const colon = group.indexOf(':');
    if (!sameId(group.slice(0, colon), device.vendor)) continue;
    for (const item of group.slice(colon + 1).split(',')) if (matchesItem(item, device)) count++;
  }
  return count;
}

function matchesItem(item: string, device: PciAlias): boolean {
  const [ids = '', type = '*.*.*'] = item.split('/');
  const [id = '*', subvendor = '*', subdevice = '*'] = ids.split('.');
  const [base = '*', sub = '*', programming = '*'] = type.split('.');
  return (
    sameId(id, device.device) &&
    sameId(subvendor, device.subvendor) &&
    sameId(subdevice, device.subdevice) &&
    sameClass(base, device.baseClass) &&
    sameClass(sub, device.subclass) &&
    sameClass(programming, device.programming)
  );
}

/** Four lower-case digits stand for eight; four of them `ffff` only where all eight are F in the modalias. */
const sameId = (packed: string, id: string): boolean =>
  packed === '*' || (packed === 'ffff' ? id === 'FFFFFFFF' || id === '0000FFFF' : id === `0000${packed.toUpperCase()}`);

/** A pattern's last part ends in `*`, for what may follow the modalias. */
const sameClass = (packed: string, part: string): boolean => packed === '*' || packed.replace('*', '') === part;
