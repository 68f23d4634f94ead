/** Pieces of TextMate grammars for Proxmox's `key: value` files: values by their kind, parts of property strings. */

export interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Readonly<Record<string, Rule>>;
  readonly beginCaptures?: Readonly<Record<string, Rule>>;
  readonly patterns?: readonly Rule[];
}

/** A sub-property as the schemas have it. */
export interface RawProperty {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly alias?: string;
  readonly defaultKey?: boolean;
}

/** What a value looks like, with the enum's values or the kind of thing that a name refers to. */
export type Kind = readonly [name: string, detail?: string | readonly string[]];

/** A value ends at a comma or at the end of the line; what the reader refuses does not, and keeps the plain colour. */
export const END = '(?=,|\\s*$)';
/** Where a part of a property string starts: behind the colon or behind a comma. */
const PART = '(?:\\G|(?<=,))';
const HEX = '[0-9a-fA-F]';
const ADDRESS = '(?:[a-f0-9]{4,}:)?[a-f0-9]{2}:[a-f0-9]{2}(?:\\.[a-f0-9])?';
export const BOOLEAN = '(?i:1|on|yes|true|0|off|no|false)';
export const UUID = `${HEX}{8}(?:-${HEX}{4}){3}-${HEX}{12}`;

/** The parts of a property string: sub-properties with a value each, and the one value that needs no name. */
export function partsOf(option: string, properties: Readonly<Record<string, RawProperty>>, shared: Map<string, Rule>): readonly Rule[] {
  const byKind = new Map<string, string[]>();
  let bare: readonly Rule[] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (option === 'cpu' && name === 'reported-model') continue;
    const target = property.alias === undefined ? property : (properties[property.alias] as RawProperty);
    const kind = kindOf(option, property.alias ?? name, target);
    const key = JSON.stringify(kind);
    byKind.set(key, [...(byKind.get(key) ?? []), name]);
    if (property.defaultKey) bare = valueOf(kind, PART);
  }
  const named = [...byKind].map(([kind, names]) => part(names, sharedValue(JSON.parse(kind) as Kind, shared)));
  return [...named, ...bare, match(',', 'punctuation.separator.sequence')];
}

function part(names: readonly string[], patterns: readonly Rule[]): Rule {
  return {
    begin: `${PART}(${byLength(names).map(escape).join('|')})(=)(?=[^,\\n])`,
    end: '(?=,|$)',
    beginCaptures: named('variable.parameter', 'keyword.operator.assignment'),
    patterns,
  };
}

/** Rules for a value that many sub-properties may have stand in the repository once. */
function sharedValue(kind: Kind, shared: Map<string, Rule>): readonly Rule[] {
  const patterns = valueOf(kind, '\\G');
  if (kind[0] === 'enum') return patterns;
  const name = ['value', ...kind].join('-');
  shared.set(name, { patterns });
  return [{ include: `#${name}` }];
}

function kindOf(option: string, name: string, property: RawProperty): Kind {
  const format = property.format ?? '';
  if (property.type === 'boolean') return ['boolean'];
  if (property.enum) return ['enum', property.enum];
  const own = kindsByName[`${option}.${name}`] ?? kindsByName[name];
  if (own) return own;
  if (/\^0x/.test(property.pattern ?? '') || name === 'wwn') return ['hex'];
  if (format.startsWith('pve-volume-id') || format.startsWith('pve-lxc-')) return ['volume'];
  if (format === 'disk-size') return ['size'];
  if (format === 'mac-addr') return ['mac'];
  if (/^(?:pve-)?ipv?[46]/.test(format)) return ['ip'];
  if (format === 'pve-phys-bits') return ['bits'];
  if (property.type === 'integer') return ['integer'];
  return property.type === 'number' ? ['number'] : ['text'];
}

/** Sub-properties whose schema says less than people know of them. */
const kindsByName: Readonly<Record<string, Kind>> = {
  'hostpci.host': ['pci-addresses'],
  'usb.host': ['usb-host'],
  'cpu.cputype': ['word'],
  'cpu.flags': ['cpu-flags'],
  'machine.type': ['word'],
  'runningmachine.type': ['word'],
  'boot.order': ['devices'],
  'smbios1.uuid': ['uuid'],
  'dev.mode': ['integer'],
  mountoptions: ['words'],
  bridge: ['reference', 'bridge'],
  mapping: ['reference', 'mapping'],
  dirid: ['reference', 'mapping'],
  trunks: ['ranges'],
  cpus: ['ranges'],
  hostnodes: ['ranges'],
};

function valueOf([kind, detail]: Kind, start: string): readonly Rule[] {
  const make = values[kind];
  if (kind === 'enum') return [oneOf(start, detail as readonly string[], END)];
  if (kind === 'reference') return [match(`${start}[\\w.-]+${END}`, `entity.name.type.${detail as string}`)];
  return make ? make(start) : [match(`${start}[^,=\\n][^,\\n]*`, 'string.unquoted')];
}

const values: Readonly<Record<string, (start: string) => readonly Rule[]>> = {
  boolean: start => [match(`${start}${BOOLEAN}${END}`, 'constant.language.boolean')],
  integer: start => [match(`${start}[+-]?[0-9]+${END}`, 'constant.numeric.integer')],
  number: start => [
    match(`${start}[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?${END}`, 'constant.numeric.decimal'),
  ],
  size: start => [
    captured(`${start}([0-9]+(?:\\.[0-9]+)?)([KMGT](?:iB)?)?${END}`, 'constant.numeric.size', 'keyword.other.unit'),
  ],
  hex: start => [match(`${start}0x${HEX}+${END}`, 'constant.numeric.hex')],
  mac: start => [match(`${start}${HEX}[02468aceACE](?::${HEX}{2}){5}${END}`, 'constant.numeric.mac-address')],
  uuid: start => [match(`${start}${UUID}${END}`, 'constant.numeric.uuid')],
  ip: start => [match(`${start}(?:dhcp|auto|manual)${END}`, 'support.constant.property-value'), ...ipAddresses()],
  bits: start => [
    match(`${start}host${END}`, 'support.constant.property-value'),
    match(`${start}[0-9]+${END}`, 'constant.numeric.integer'),
  ],
  ranges: start => [
    match(`(?:${start}|(?<=;))[0-9]+(?:-[0-9]+)?(?=[;,]|\\s*$)`, 'constant.numeric.range'),
    match(';', 'punctuation.separator'),
  ],
  word: start => [match(`${start}[A-Za-z0-9][\\w.+-]*${END}`, 'support.constant.property-value')],
  words: () => [match('[a-z]+', 'support.constant.property-value'), match(';', 'punctuation.separator')],
  devices: () => [
    match('(?<![a-z0-9])[a-z]+[0-9]+(?=[;,]|\\s*$)', 'entity.name.tag.reference'),
    match(';', 'punctuation.separator'),
  ],
  'cpu-flags': () => [
    captured(
      '(?:\\G|(?<=;))([+-])([\\w.-]+)(?=[;,]|\\s*$)',
      'keyword.operator.cpu-flag',
      'support.constant.property-value.cpu-flag',
    ),
    match(';', 'punctuation.separator'),
  ],
  'pci-addresses': start => [
    match(`(?:${start}|(?<=;))${ADDRESS}(?=[;,]|\\s*$)`, 'constant.numeric.pci-address'),
    match(';', 'punctuation.separator'),
  ],
  'usb-host': start => [
    match(`${start}(?:0x)?${HEX}{4}:(?:0x)?${HEX}{4}${END}`, 'constant.numeric.usb-id'),
    match(`${start}[0-9]+-[0-9]+(?:\\.[0-9]+)*${END}`, 'constant.numeric.usb-port'),
    match(`${start}(?i:spice)${END}`, 'support.constant.property-value'),
  ],
  volume: start => volume(start, ',\\n'),
};

/** `storage:volume`, a path, or no medium; up to one of the characters in `stop`. */
export function volume(start: string, stop: string): readonly Rule[] {
  return [
    captured(
      `${start}([a-zA-Z][\\w.-]*)(:)([^\\s${stop}][^${stop}]*)`,
      'entity.name.type.storage',
      'punctuation.separator.volume',
      'string.unquoted.volume',
    ),
    match(`${start}/[^${stop}]*`, 'string.unquoted.path'),
    match(`${start}(?:none|cdrom)(?=[${stop}]|\\s*$)`, 'support.constant.property-value'),
  ];
}

export function ipAddresses(): readonly Rule[] {
  return [
    match('[0-9]{1,3}(?:\\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?(?=[\\s,;]|$)', 'constant.numeric.ip-address'),
    match(`${HEX}{0,4}:[0-9a-fA-F:.]*(?:%\\w+)?(?:/[0-9]{1,3})?(?=[\\s,;]|$)`, 'constant.numeric.ip-address'),
  ];
}

export function listOf(item: string, name: string): readonly Rule[] {
  return [match(`(?:\\G|(?<=[,;\\s]))(?:${item})(?=[,;\\s]|$)`, name), match('[,;]', 'punctuation.separator')];
}

export function oneOf(start: string, choices: readonly string[], end: string): Rule {
  return match(`${start}(?:${byLength(choices).map(escape).join('|')})${end}`, 'support.constant.property-value');
}

export function match(pattern: string, name: string): Rule {
  return { match: pattern, name };
}

/** A match whose groups have the scopes in turn. */
export function captured(pattern: string, ...names: readonly string[]): Rule {
  return { match: pattern, captures: named(...names) };
}

export function named(...names: readonly string[]): Readonly<Record<string, Rule>> {
  return Object.fromEntries(names.map((name, index) => [`${index + 1}`, { name }]));
}

export function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The longest first, for alternatives of which one starts another. */
function byLength(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}
