/**
 * Regenerates syntaxes/pve-vm-conf.tmLanguage.json and syntaxes/pve-ct-conf.tmLanguage.json from the schemas of the
 * options, so that a new option, sub-property or value is painted as soon as the schema has it, and a misspelled one
 * never is: npx tsx test/tools/makeGrammars.mts
 * Every expression is anchored at the start of a line, of a value or of a part, and takes linear time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  BOOLEAN,
  captured,
  escape,
  ipAddresses,
  listOf,
  match,
  named,
  oneOf,
  partsOf,
  type RawProperty,
  type Rule,
  UUID,
  volume,
} from './grammarParts.mts';

interface RawOption extends RawProperty {
  readonly properties?: Readonly<Record<string, RawProperty>>;
  readonly index?: { readonly maximum: number };
}

interface RawSchema {
  readonly options: Readonly<Record<string, RawOption>>;
  readonly families: Readonly<Record<string, RawOption>>;
  readonly rawKeys?: { readonly prefixes: readonly string[]; readonly valid: readonly string[] };
}

export interface Grammar {
  readonly name: string;
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

const languages = {
  'pve-vm-conf': { schema: 'server/languages/vmConf/data/vm-schema.json', make: vmGrammar },
  'pve-ct-conf': { schema: 'server/languages/ctConf/data/lxc-schema.json', make: ctGrammar },
} as const;

export type GeneratedLanguage = keyof typeof languages;

/** What the reader calls blank: no letter of another script's spaces is. */
const BLANKS = '[ \\t\\f\\v]*';

const top = new URL('../../', import.meta.url);

/** The whole text of a grammar file, as it is committed. */
export function grammarText(id: GeneratedLanguage): string {
  const { schema, make } = languages[id];
  const grammar = make(JSON.parse(readFileSync(new URL(schema, top), 'utf8')) as RawSchema);
  const $schema = 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json';
  return `${print(suffixed({ $schema, ...grammar }, id), '')}\n`;
}

function vmGrammar(schema: RawSchema): Grammar {
  return {
    name: 'Proxmox VE VM configuration',
    scopeName: 'source.pve-vm-conf',
    patterns: [
      section('pending', '(?i:PENDING)', ['#notes', '#delete', '#snapstate', '#entries']),
      section('cloudinit', '[sS][pP][eE][cC][iI][aA][lL]:cloudinit', ['#notes', '#snapstate', '#entries', '#any-entry']),
      section('fleecing', '[sS][pP][eE][cC][iI][aA][lL]:fleecing', ['#notes', '#snapstate', '#fleecing-images']),
      section('snapshot', '(?i:[a-z][a-z0-9_-]+)', ['#notes', '#snapstate', '#entries']),
      ignoredSection(),
      { include: '#notes' },
      { include: '#snapstate' },
      { include: '#entries' },
    ],
    repository: {
      ...notes(),
      ...oddEntries('[a-z][a-z_-]*[0-9]*'),
      'fleecing-images': entry('fleecing-images', volume('(?:\\G|(?<=[,;\\s]))', ',;\\s')),
      'any-entry': entry('[a-z][a-z_-]*[0-9]*', [match('\\G.*\\S', 'string.unquoted')]),
      ...entries(schema, { ...commonTexts, ...vmTexts }),
    },
  };
}

function ctGrammar(schema: RawSchema): Grammar {
  return {
    name: 'Proxmox VE container configuration',
    scopeName: 'source.pve-ct-conf',
    patterns: [
      section('pending', '(?i:pve:pending)', ['#notes', '#delete', '#raw', '#entries']),
      section('snapshot', '(?i:[a-z][a-z0-9_-]+)', ['#notes', '#snapstate', '#raw', '#entries']),
      { include: '#notes' },
      { include: '#raw' },
      { include: '#entries' },
    ],
    repository: {
      ...notes(),
      ...oddEntries('[a-z][a-z_]*[0-9]*'),
      raw: { patterns: rawEntries(schema.rawKeys ?? { prefixes: [], valid: [] }) },
      ...entries(schema, { ...commonTexts, ...ctTexts }),
    },
  };
}

/** Options whose text has a form of its own; the others follow from their type. */
const commonTexts: Readonly<Record<string, readonly Rule[]>> = {
  description: [{ include: '#note-text' }],
  hookscript: volume('\\G', '\\n'),
  nameserver: [...ipAddresses(), match('[^\\s,;]+', 'string.unquoted')],
  parent: [match('\\G[a-zA-Z][\\w-]+(?=\\s*$)', 'entity.name.type.snapshot')],
  startup: [
    captured(
      '(?:\\G|(?<=,))(order|up|down)(=)([0-9]+)(?=,|\\s*$)',
      'variable.parameter',
      'keyword.operator.assignment',
      'constant.numeric.integer',
    ),
    match('(?:\\G|(?<=,))[0-9]+(?=,|\\s*$)', 'constant.numeric.integer'),
    match(',', 'punctuation.separator.sequence'),
  ],
  tags: listOf('[a-zA-Z0-9_][\\w+.-]*', 'string.unquoted.tag'),
};

const port = [
  match('\\Gsocket(?=\\s*$)', 'support.constant.property-value'),
  match('\\G/dev/\\S+(?=\\s*$)', 'string.unquoted.path'),
];

const vmTexts: Readonly<Record<string, readonly Rule[]>> = {
  affinity: [match('[0-9]+', 'constant.numeric.integer'), match('[,-]', 'punctuation.separator')],
  args: [
    match('(?:\\G|(?<=\\s))--?[A-Za-z][\\w.-]*(?=\\s|$)', 'variable.parameter'),
    match("'[^'\\n]*'", 'string.quoted.single'),
    match('"(?:[^"\\\\\\n]|\\\\.)*"', 'string.quoted.double'),
    match('[^\\s\'"]+', 'string.unquoted'),
  ],
  bootdisk: [match('\\G(?:efidisk|ide|sata|scsi|tpmstate|virtio)[0-9]+(?=\\s*$)', 'entity.name.tag.reference')],
  hotplug: [
    match('\\G[01](?=\\s*$)', 'constant.language.boolean'),
    ...listOf('network|disk|cpu|memory|usb|cloudinit', 'support.constant.property-value'),
  ],
  parallel: port,
  'running-nets-host-mtu': [
    captured(
      '(?:\\G|(?<=,))(net[0-9]+)(=)([0-9]+)(?=,|\\s*$)',
      'variable.parameter',
      'keyword.operator.assignment',
      'constant.numeric.integer',
    ),
    match(',', 'punctuation.separator.sequence'),
  ],
  serial: port,
  startdate: [
    match('\\Gnow(?=\\s*$)', 'support.constant.property-value'),
    match('\\G[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:T[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})?(?=\\s*$)', 'constant.numeric.date'),
  ],
  vmgenid: [match(`\\G(?:${UUID}|[01])(?=\\s*$)`, 'constant.numeric.uuid')],
  vmstate: volume('\\G', '\\n'),
  vmstatestorage: [match('\\G[a-zA-Z][\\w.-]*[a-zA-Z0-9](?=\\s*$)', 'entity.name.type.storage')],
};

const ctTexts: Readonly<Record<string, readonly Rule[]>> = {
  env: [captured('\\G(\\w+)(=)([^\\n]*)', 'variable.parameter', 'keyword.operator.assignment', 'string.unquoted')],
};

/** `lxc.*` lines. They take `:` or `=`, and go to LXC as they are. Only keys that LXC still has are painted. */
function rawEntries(raw: NonNullable<RawSchema['rawKeys']>): readonly Rule[] {
  const ofOwn = ['lxc.mount.entry', 'lxc.idmap'];
  const valid = raw.valid.filter(key => !ofOwn.includes(key)).map(escape);
  const prefixes = raw.prefixes.map(prefix => `${escape(prefix)}[a-z0-9_.-]+`);
  const number = 'constant.numeric.integer';
  return [
    rawEntry('lxc\\.cgroup2\\.devices\\.(?:allow|deny)', [
      captured(
        '\\G([abc])\\s+([0-9]+|\\*)(:)([0-9]+|\\*)\\s+([rwm]{1,3})(?=\\s*$)',
        'keyword.other.device-type',
        number,
        'punctuation.separator',
        number,
        'support.constant.property-value.permissions',
      ),
      match('\\Ga(?=\\s*$)', 'keyword.other.device-type'),
    ]),
    rawEntry('lxc\\.mount\\.entry', [
      captured(
        '\\G(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(?=\\S)',
        'string.unquoted.path',
        'string.unquoted.path',
        'support.constant.property-value.file-system',
      ),
      captured(
        '(?<![a-z])([a-z]+)(=)([\\w./-]+)',
        'variable.parameter',
        'keyword.operator.assignment',
        'support.constant.property-value',
      ),
      match('[a-z]+', 'support.constant.property-value'),
      match('[0-9]+', number),
      match(',', 'punctuation.separator.sequence'),
    ]),
    rawEntry('lxc\\.idmap', [
      captured('\\G([ug])\\s+([0-9]+)\\s+([0-9]+)\\s+([0-9]+)(?=\\s*$)', 'keyword.other.id-type', number, number, number),
    ]),
    rawEntry([...prefixes, ...valid].join('|'), [
      match('\\G[0-9]+(?=\\s*$)', number),
      match('\\G/\\S*(?=\\s*$)', 'string.unquoted.path'),
      match('\\G\\S(?:.*\\S)?', 'string.unquoted'),
    ]),
  ];
}

function rawEntry(key: string, patterns: readonly Rule[]): Rule {
  return {
    begin: `^(${key})(:|\\s*=)\\s*(?=\\S)`,
    end: '$',
    beginCaptures: named('entity.name.tag', 'punctuation.separator.key-value'),
    patterns,
  };
}

/** The repository's `entries`: rules for options of a plain type, then one for each that has a value of its own. */
function entries(schema: RawSchema, texts: Readonly<Record<string, readonly Rule[]>>): Record<string, Rule> {
  const plain: Record<string, string[]> = { boolean: [], integer: [], number: [], string: [] };
  const shared = new Map<string, Rule>();
  const own: { keys: string; patterns: readonly Rule[] }[] = [];
  for (const [name, key, option] of allOptions(schema)) {
    const patterns = patternsOf(name, option, texts, shared);
    if (patterns) own.push({ keys: key, patterns });
    else plain[option.type ?? 'string']?.push(key);
  }
  const drives = own.filter(({ keys }) => /^(?:cdrom|ide|sata|scsi(?!hw)|virtio(?!fs))/.test(keys));
  if (drives.length > 0) shareParts('drive-parts', drives, shared);
  const typed = [
    plainEntry(plain.boolean ?? [], BOOLEAN, 'constant.language.boolean'),
    plainEntry(plain.integer ?? [], '[0-9]+', 'constant.numeric.integer'),
    plainEntry(plain.number ?? [], '[0-9]+(?:\\.[0-9]+)?', 'constant.numeric.decimal'),
    entry((plain.string ?? []).join('|'), [match('\\G\\S(?:.*\\S)?', 'string.unquoted')]),
  ];
  return {
    ...Object.fromEntries(shared),
    entries: { patterns: [...typed, ...merged(own).map(({ keys, patterns }) => entry(keys, patterns))] },
  };
}

/** Name, expression for the key, schema of every option and family. */
function allOptions(schema: RawSchema): readonly (readonly [string, string, RawOption])[] {
  return [
    ...Object.entries(schema.options).map(([name, option]) => [name, escape(name), option] as const),
    ...Object.entries(schema.families).map(
      ([name, family]) => [name, `${name}${upTo(family.index?.maximum ?? 0)}`, family] as const,
    ),
  ];
}

function patternsOf(
  name: string,
  option: RawOption,
  texts: Readonly<Record<string, readonly Rule[]>>,
  shared: Map<string, Rule>,
): readonly Rule[] | undefined {
  if (option.properties) return partsOf(name, option.properties, shared);
  return texts[name] ?? (option.enum ? [oneOf('\\G', option.enum, '(?=\\s*$)')] : undefined);
}

/** The parts that all options of a group have are written once. */
function shareParts(name: string, group: { patterns: readonly Rule[] }[], shared: Map<string, Rule>): void {
  const texts = group.map(({ patterns }) => new Set(patterns.map(part => JSON.stringify(part))));
  const common = (part: Rule): boolean => texts.every(set => set.has(JSON.stringify(part)));
  shared.set(name, { patterns: group[0]?.patterns.filter(common) ?? [] });
  for (const one of group) {
    one.patterns = [...one.patterns.filter(part => !common(part)), { include: `#${name}` }];
  }
}

/** Options with the very same value share a rule. */
function merged(rules: readonly { keys: string; patterns: readonly Rule[] }[]): readonly (typeof rules)[number][] {
  const byValue = new Map<string, { keys: string; patterns: readonly Rule[] }>();
  for (const { keys, patterns } of rules) {
    const value = JSON.stringify(patterns);
    const known = byValue.get(value);
    byValue.set(value, { keys: known ? `${known.keys}|${keys}` : keys, patterns });
  }
  return [...byValue.values()];
}

/** A header and what follows, up to the next line in brackets. */
function section(kind: string, name: string, includes: readonly string[]): Rule {
  return {
    name: `meta.section.${kind}`,
    begin: `^(\\[)(${name})(\\])\\s*$`,
    end: '^(?=\\[[^\\]]*\\]\\s*$)',
    beginCaptures: {
      0: { name: 'markup.heading' },
      ...named('punctuation.definition.section.begin', 'entity.name.section', 'punctuation.definition.section.end'),
    },
    patterns: includes.map(include => ({ include })),
  };
}

/** A header that Proxmox does not know: all that follows it is lost, and nothing of it is painted. */
function ignoredSection(): Rule {
  return { name: 'meta.section.ignored', begin: '^\\[[^\\]]*\\]\\s*$', end: '^(?=\\[[^\\]]*\\]\\s*$)' };
}

/** `#` lines are the guest's notes: Markdown, with `%3A` and the like for characters that the file cannot hold. */
function notes(): Record<string, Rule> {
  return {
    notes: {
      name: 'comment.line.number-sign.notes',
      begin: '^#',
      end: '$',
      beginCaptures: { 0: { name: 'punctuation.definition.comment' } },
      patterns: [
        match('\\G\\s*(?:#{1,6}|(?:%23){1,6})\\s+\\S.*$', 'markup.heading'),
        { include: '#note-text' },
      ],
    },
    'note-text': {
      patterns: [
        match('\\*\\*[^*\\n]+\\*\\*', 'markup.bold'),
        match('`[^`\\n]+`', 'markup.inline.raw'),
        match('https?(?::|%3A)//[^\\s<>()]+', 'markup.underline.link'),
        match('%[0-9a-fA-F]{2}', 'constant.character.escape'),
      ],
    },
  };
}

/** Keys that are no options: `delete` of pending changes, `snapstate` of snapshots. */
function oddEntries(key: string): Record<string, Rule> {
  return {
    delete: entry('delete', listOf(key, 'entity.name.tag.reference')),
    snapstate: plainEntry(['snapstate'], 'prepare|delete', 'support.constant.property-value'),
  };
}

function entry(key: string, patterns: readonly Rule[]): Rule {
  return {
    begin: `^(${key})(:)(?=.)\\s*`,
    end: '$',
    beginCaptures: named('entity.name.tag', 'punctuation.separator.key-value'),
    patterns,
  };
}

/** Of these options the reader looks at the value as well: a key is painted beside a good value only. */
function plainEntry(keys: readonly string[], value: string, name: string): Rule {
  return captured(`^(${keys.join('|')})(:)${BLANKS}(${value})${BLANKS}$`, 'entity.name.tag', 'punctuation.separator.key-value', name);
}

/** Whole numbers from 0 to `maximum` as Proxmox writes an index: no leading zero. */
function upTo(maximum: number): string {
  if (maximum === 255) return '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
  if (maximum < 10) return maximum === 0 ? '0' : `[0-${maximum}]`;
  const [tens, ones] = [Math.floor(maximum / 10), maximum % 10];
  const last = `${tens}[0-${ones}]`;
  return tens === 1 ? `(?:${last}|[0-9])` : `(?:${last}|[1-${tens - 1}][0-9]|[0-9])`;
}

/** Puts the language's id behind every scope name, as is the custom. */
function suffixed(value: unknown, id: string): unknown {
  if (Array.isArray(value)) return value.map(item => suffixed(item, id));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const scope = key === 'name' && typeof item === 'string' && item.includes('.');
      return [key, scope ? `${item}.${id}` : suffixed(item, id)];
    }),
  );
}

/** JSON with what fits on a line on one line, so that a change of the schema is a change of few lines. */
function print(value: unknown, indent: string): string {
  const short = JSON.stringify(value, undefined, 1).replace(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + short.length <= 118) return short;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map(item => print(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${items.map(item => inner + item).join(',\n')}\n${indent}${close}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const id of Object.keys(languages) as GeneratedLanguage[]) {
    writeFileSync(new URL(`syntaxes/${id}.tmLanguage.json`, top), grammarText(id));
  }
}
